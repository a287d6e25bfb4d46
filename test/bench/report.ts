import os from 'node:os';
import type { Line } from './line';

export interface Report {
  readonly small: boolean;
  readonly seconds: number;
  readonly lines: readonly Line[];
}

const DATABASE = 'PostgreSQL of its own with fsync off, for both sides of every ratio: waiting for a disk would flatter the slower one';

/** Whether a line's goal is met; null when it has none. */
export function isMet({ figure, goal }: Line): boolean | null {
  if (!goal) return null;
  return 'atLeast' in goal ? figure >= goal.atLeast : figure <= goal.atMost;
}

export function printTable({ small, seconds, lines }: Report): void {
  const rows = [
    ['', 'figure', 'goal', '', 'what is compared'],
    ...lines.map((line) => [line.name, `${short(line.figure)}${spaced(line.unit)}`, goalOf(line), verdict(line), line.compares]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => (column === 1 ? cell.padStart(widths[1] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    );
  }
  console.log('');
  for (const { name, details } of lines) {
    const parts = Object.entries(details).map(([of, value]) => `${of} ${typeof value === 'number' ? short(value) : value}`);
    if (parts.length > 0) console.log(`${name}: ${parts.join(', ')}`);
  }
  console.log(`\n${small ? 'small sizes: for orientation only\n' : ''}${DATABASE}\n${machine()}; ${seconds.toFixed(0)} s`);
}

export function toJson({ small, seconds, lines }: Report): object {
  return { small, seconds, machine: machine(), database: DATABASE, lines: lines.map((line) => ({ ...line, met: isMet(line) })) };
}

function machine(): string {
  return `Node ${process.version}, ${os.availableParallelism()} processors, load ${os.loadavg()[0]?.toFixed(1)}`;
}

function goalOf({ goal, unit }: Line): string {
  if (!goal) return '';
  return 'atLeast' in goal ? `≥ ${short(goal.atLeast)}${spaced(unit)}` : `≤ ${short(goal.atMost)}${spaced(unit)}`;
}

function verdict(line: Line): string {
  const met = isMet(line);
  return met === null ? '' : met ? 'met' : 'missed';
}

function spaced(unit: string): string {
  return unit === '×' || unit === '' || unit === '/s' ? unit : ` ${unit}`;
}

function short(figure: number): string {
  return new Intl.NumberFormat('en', { maximumFractionDigits: figure < 100 ? 2 : 0 }).format(figure);
}
