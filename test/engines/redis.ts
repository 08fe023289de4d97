import { connect } from 'node:net';
import { freePorts, startEngine, type Engine } from './engine.ts';

/** A Redis without persistence on a free port. */
export async function startRedis(): Promise<Engine> {
  const [port = 0] = await freePorts(1);
  return startEngine(
    'redis',
    port,
    (folder) => ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
    () => answersPing(port),
  );
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}
