import { EmbeddedError, startEmbedded } from '../../db/embedded';

/** A process that holds an embedded server until it is ended: `tsx embedded-holder.ts FOLDER [PORT]`. */
const [folder = '', port] = process.argv.slice(2);
startEmbedded({ folder, port: Number(port ?? 0), throwaway: true }).then(
  (server) => {
    process.stdout.write(`${JSON.stringify({ pid: server.pid, port: server.port })}\n`);
    setInterval(() => {}, 60_000);
  },
  (error: unknown) => {
    process.stdout.write(`${JSON.stringify({ trouble: error instanceof EmbeddedError ? error.trouble : String(error) })}\n`);
    process.exitCode = 1;
  },
);
