/** Resident memory in MB, looked at while something goes on. */
export interface Memory {
  /** In the order in which they were taken. */
  readonly pointsMb: readonly number[];
  take(): void;
  /** The most of the last half against the most of the first: about 1 when nothing is kept. */
  growth(): number;
}

/** Starts with what the process holds now. */
export function watchMemory(): Memory {
  const pointsMb: number[] = [];
  const most = (points: readonly number[]) => Math.max(...points);
  return {
    pointsMb,
    take: () => void pointsMb.push(process.memoryUsage.rss() / 1_048_576),
    growth: () => {
      const half = Math.ceil(pointsMb.length / 2);
      return pointsMb.length < 2 ? 1 : most(pointsMb.slice(half)) / most(pointsMb.slice(0, half));
    },
  };
}
