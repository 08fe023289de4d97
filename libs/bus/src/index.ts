export { openBus, type Bus, type BusOptions, type BusState } from './bus.ts';
export type { BusEventName, BusEvents, BusHandlers } from './bus-event.ts';
