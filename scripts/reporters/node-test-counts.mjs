/** node:test reporter: writes the runner's own totals as JSON when it is done. */
export default async function* nodeTestCounts(events) {
  const totals = {};
  for await (const { type, data } of events) {
    if (type !== 'test:diagnostic' || data.nesting !== 0) continue;
    const [, name, count] = /^(pass|fail|cancelled|skipped|todo) (\d+)$/.exec(data.message) ?? [];
    if (name) totals[name] = Number(count);
  }
  const { pass, fail, cancelled, skipped, todo } = totals;
  yield JSON.stringify({ passed: pass, failed: fail + cancelled, skipped: skipped + todo });
}
