/** What a gateway makes of sources: commands must not see other routes than it does. */
export { trafficOf } from '../../../gateway/src/traffic-of.ts';
