import { Option } from 'commander';

export interface RegistryChoice {
  readonly registry: string;
}

/** `--registry URL`, for the commands that talk to a running registry. */
export function registryOption(): Option {
  return new Option('--registry <url>', 'where the registry is').default('http://127.0.0.1:8761');
}
