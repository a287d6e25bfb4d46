import net from 'node:net';
import { inject, type ProvidedContext } from 'vitest';

/** Asks the run for something that all its tests share. @throws why it could not be had */
export async function askBroker<T extends object>(name: keyof ProvidedContext): Promise<T> {
  const socket = net.connect(inject(name), '127.0.0.1');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  const answer = JSON.parse(text) as T | { error: string };
  if ('error' in answer) throw new Error(`the ${name} of the tests: ${answer.error}`);
  return answer;
}
