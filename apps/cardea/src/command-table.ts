import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** What `commands/<name>.ts` exports. */
export interface CommandModule {
  /**
   * Adds options, arguments, subcommands and actions to `command`, which has its name and summary already.
   * An action that cannot do its work throws `CardeaError` (or `CommandFault` for several lines): the command line
   * prints `what; what to do` and exits with 1.
   */
  register(command: Command, terminal: Terminal): void;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Imports only what this command needs: `cardea --help` must not load a server. */
  load(): Promise<CommandModule>;
}

/** In the order in which `cardea --help` lists them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'up',
    summary: 'run registry, config server, gateway and management port in this process',
    load: () => import('./commands/up.ts'),
  },
  { name: 'gateway', summary: 'run a gateway alone', load: () => import('./commands/gateway.ts') },
  { name: 'registry', summary: 'run a registry alone', load: () => import('./commands/registry.ts') },
  {
    name: 'config-server',
    summary: 'run a config server alone',
    load: () => import('./commands/config-server.ts'),
  },
  {
    name: 'services',
    summary: 'list the services that a registry knows',
    load: () => import('./commands/services.ts'),
  },
  {
    name: 'instances',
    summary: 'list instances, take them out of traffic and back, or remove them',
    load: () => import('./commands/instances.ts'),
  },
  {
    name: 'validate',
    summary: 'check configuration files, and the routes in them, with file and line',
    load: () => import('./commands/validate.ts'),
  },
  {
    name: 'config',
    summary: 'explain which file and line sets a configuration key, and what it beats',
    load: () => import('./commands/config.ts'),
  },
  {
    name: 'encrypt',
    summary: 'encrypt a value for a configuration file',
    load: () => import('./commands/encrypt.ts'),
  },
  {
    name: 'decrypt',
    summary: 'decrypt a {cipher} value',
    load: () => import('./commands/decrypt.ts'),
  },
  {
    name: 'routes',
    summary: 'list routes, or explain which one a request takes and what becomes of it',
    load: () => import('./commands/routes.ts'),
  },
  {
    name: 'doctor',
    summary: 'look at this machine, the settings and the ports, and say what will not work',
    load: () => import('./commands/doctor.ts'),
  },
];
