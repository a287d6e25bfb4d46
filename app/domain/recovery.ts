import type { MessageChannel } from './message';
import { areTrueOf, groupOf, isTrueOf, type KnownFacts, type Reading, readFact } from './search';

/** So many links go to one address, and about one grant, within a day. */
export const LINKS_A_DAY = 3;

/** What was typed to get a link again. */
export interface TypedRecovery {
  readonly fact: string;
  readonly second: string;
}

export interface RecoveryFacts {
  /** A whole phone number or mail address: enough by itself, for it is where the link goes. */
  readonly direct: readonly Reading[];
  /** A number of ours stands on letters that others see as well: with one more fact only. */
  readonly numbers: readonly Reading[];
  readonly second: readonly Reading[];
}

export type RecoveryProblem = {
  readonly field: 'fact' | 'second';
  readonly problem: 'missing' | 'unreadable' | 'second_missing' | 'second_unreadable';
};

/** Reads what was typed, or says what is wrong with it; says nothing about whether it is true of anybody. */
export function readRecovery({ fact, second }: TypedRecovery): RecoveryFacts | RecoveryProblem {
  if (fact.trim() === '') return { field: 'fact', problem: 'missing' };
  const readings = wholeOf(fact);
  const direct = readings.filter((reading) => groupOf(reading) === 'phone' || groupOf(reading) === 'mail');
  const numbers = readings.filter((reading) => groupOf(reading) === 'number');
  if (direct.length + numbers.length === 0) return { field: 'fact', problem: 'unreadable' };
  const more = wholeOf(second).filter((reading) => groupOf(reading) !== 'number');
  if (direct.length === 0 && more.length === 0)
    return { field: 'second', problem: second.trim() === '' ? 'second_missing' : 'second_unreadable' };
  return { direct, numbers, second: more };
}

/** Whether what was typed is true of a person, to the last letter. */
export function provesRecovery({ direct, numbers, second }: RecoveryFacts, known: KnownFacts): boolean {
  return direct.some((reading) => isTrueOf(reading, known)) || areTrueOf(numbers, second, known);
}

/** The way by which a person is asked for: by the address of theirs that was typed; null: none was. */
export function typedChannel({ direct, second }: RecoveryFacts, known: KnownFacts): MessageChannel | null {
  const typed = [...direct, ...second].find((reading) => ADDRESSES.has(groupOf(reading)) && isTrueOf(reading, known));
  if (!typed) return null;
  return typed.kind === 'mail' ? 'mail' : 'sms';
}

const ADDRESSES: ReadonlySet<string> = new Set(['phone', 'mail']);

/** A grant whose link could be sent again. */
export interface Sendable {
  readonly grantId: string;
  readonly residualYen: bigint;
  readonly deadlineAt: Date;
  /** Whether something was taken: its codes can still be read. */
  readonly hasTaken: boolean;
  /** When its link was last sent again. */
  readonly lastSentAt: Date | null;
}

/**
 * Which grants get their link when not all can: those with something left that can be taken, then those with codes to
 * read; of each kind the one that has waited longest.
 */
export function chooseLinks<T extends Sendable>(grants: readonly T[], { now, most }: { now: Date; most: number }): T[] {
  const rank = ({ residualYen, deadlineAt, hasTaken }: Sendable) => (residualYen > 0n && deadlineAt > now ? 0 : hasTaken ? 1 : 2);
  const last = ({ lastSentAt }: Sendable) => lastSentAt?.getTime() ?? 0;
  return [...grants].sort((a, b) => rank(a) - rank(b) || last(a) - last(b) || (a.grantId < b.grantId ? -1 : 1)).slice(0, most);
}

/** Nobody gets a link by the beginning of a fact. */
function wholeOf(typed: string): Reading[] {
  return readFact(typed).flatMap((reading): Reading[] => {
    const group = groupOf(reading);
    if (group === 'number' || group === 'name') return [{ ...reading, match: 'whole' }];
    return reading.match === 'whole' ? [reading] : [];
  });
}
