export { openBus, type Bus, type BusOptions } from './bus.ts';
export type { BusEventName, BusEvents, BusHandlers } from './bus-event.ts';
