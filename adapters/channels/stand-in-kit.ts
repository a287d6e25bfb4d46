import type http from 'node:http';

/** What can go wrong with an answer after the work was done. */
export type AnswerTrouble =
  | 'drop after' // the connection ends
  | 'stall after' // no answer comes
  | 'answer late' // after whoever asked has given up
  | 'answer twice'
  | 'fail after' // 500
  | 'tear' // half an answer comes
  | 'redirect' // away from here
  | 'flood'; // an answer of more than a megabyte

/** Longer than any test waits for an answer. */
const LATE_MS = 1_500;

/** Spoils an answer in a manner that every HTTP gateway has. @returns false when the manner is none of these */
export function spoil(manner: string, response: http.ServerResponse, body: object): boolean {
  const json = { 'content-type': 'application/json' };
  switch (manner as AnswerTrouble) {
    case 'stall after':
      return true;
    case 'answer late':
      setTimeout(() => response.writeHead(200, json).end(JSON.stringify(body)), LATE_MS).unref();
      return true;
    case 'answer twice': {
      const text = JSON.stringify(body);
      const whole = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
      response.socket?.end(whole + whole);
      return true;
    }
    case 'drop after':
      response.socket?.destroy();
      return true;
    case 'fail after':
      response.writeHead(500, json).end('{}');
      return true;
    case 'tear':
      response.writeHead(200, json).end(JSON.stringify(body).slice(0, 40));
      return true;
    case 'redirect':
      response.writeHead(307, { location: 'http://127.0.0.1:2/elsewhere' }).end();
      return true;
    case 'flood':
      response.writeHead(200, json).end(JSON.stringify({ ...body, filler: 'x'.repeat(1024 * 1024) }));
      return true;
    default:
      return false;
  }
}

/** Reads what was posted to a stand-in. */
export async function readPosted(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
