/** p50, p99 and the worst of some milliseconds, in words. @throws when there are none */
export function percentiles(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const seconds = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
    if (value === undefined) throw new Error('Nothing was measured.');
    return `${(value / 1000).toFixed(3)} s`;
  };
  return `p50 ${seconds(0.5)}, p99 ${seconds(0.99)}, worst ${seconds(1)} of ${sorted.length}`;
}
