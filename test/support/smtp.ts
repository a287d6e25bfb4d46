import fs from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures/smtp');
/** The server's own certificate, for "localhost". */
export const SMTP_CA = fs.readFileSync(path.join(FIXTURES, 'localhost.crt'), 'utf8');

/** How the server treats the next mails. */
export type SmtpManner =
  | 'well'
  | 'refuse' // nobody has this address
  | 'full'
  | 'greylist'
  | 'filter' // after the body: we do not want this
  | 'close the account' // at the login
  | 'drop before' // the connection ends before the receiver is named
  | 'drop after' // the mail is taken, then the connection ends without an answer
  | 'stall before' // never answers the receiver's name
  | 'stall after'; // takes the mail and never answers

export interface SmtpTestServer {
  readonly port: number;
  manner: SmtpManner;
  /** Every mail it took, as it came, with its envelope. */
  readonly taken: { readonly from: string; readonly to: readonly string[]; readonly raw: string }[];
  /** Ends all connections, as a restart does. */
  dropAll(): void;
  stop(): Promise<void>;
}

/** A real SMTP server on this machine, with TLS, that does as it is told; `choose` decides for each address how it is treated. */
export async function startSmtp(choose?: (to: string) => SmtpManner): Promise<SmtpTestServer> {
  const chosen = new WeakMap<SMTPServerSession, SmtpManner>();
  const taken: SmtpTestServer['taken'] = [];
  const open = new Set<SMTPServerSession>();
  const answer = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });
  const server = new SMTPServer({
    secure: true,
    key: fs.readFileSync(path.join(FIXTURES, 'localhost.key')),
    cert: SMTP_CA,
    closeTimeout: 100,
    logger: false,
    onConnect(session, callback) {
      open.add(session);
      callback();
    },
    onClose: (session) => void open.delete(session),
    onAuth(auth, _session, callback) {
      if (state.manner === 'close the account') return callback(answer(535, '5.7.8 this account is closed'));
      callback(null, { user: auth.username });
    },
    onRcptTo({ address }, session, callback) {
      const manner = choose?.(address) ?? state.manner;
      chosen.set(session, manner);
      if (manner === 'refuse') return callback(answer(550, `5.1.1 <${address}> nobody of this name`));
      if (manner === 'full') return callback(answer(452, `4.2.2 <${address}> is full`));
      if (manner === 'greylist') return callback(answer(451, '4.7.1 try again later'));
      if (manner === 'drop before') return drop(session);
      if (manner === 'stall before') return;
      callback();
    },
    onData(stream, session, callback) {
      void read(stream).then((raw) => {
        const manner = chosen.get(session) ?? state.manner;
        if (manner === 'filter') return callback(answer(554, '5.7.1 this looks like spam'));
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw });
        if (manner === 'drop after') return drop(session);
        if (manner === 'stall after') return;
        callback(null, '2.0.0 Ok: queued as 4XyZ000001');
      }, callback);
    },
  });
  server.on('error', () => {});
  const drop = (session: SMTPServerSession) => {
    for (const connection of server.connections as Set<{ id: string; session: SMTPServerSession; _socket: { destroy(): void } }>) {
      if (connection.session.id === session.id) connection._socket.destroy();
    }
  };
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const state = {
    port: (server.server.address() as AddressInfo).port,
    manner: 'well' as SmtpManner,
    taken,
    dropAll: () => {
      for (const session of open) drop(session);
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
  return state;
}

async function read(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
