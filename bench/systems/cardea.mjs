export const name = 'Cardea';
export function version() {
  return undefined;
}
export function command() {}
