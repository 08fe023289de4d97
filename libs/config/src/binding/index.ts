export { bindProperties, type BindingOptions, type BoundProperties, type UnreadKey } from './bind.ts';
export { BoundNode, type Bounds } from './bound-node.ts';
export { parseDataSize } from './data-size.ts';
export { parsePropertyName, uniformName, type NameSegment } from './property-name.ts';
export { splitCommas } from './property-text.ts';
