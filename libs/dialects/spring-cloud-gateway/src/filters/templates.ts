/** Marks a value that holds `{name}`: the data plane then puts in what the path or host pattern captured. */
export function variablesIn(text: string): { readonly variables?: true } {
  return text.includes('{') ? { variables: true } : {};
}
