// What a real LMS does not need: switching the learner, and showing what the simulated Tavus would have billed.
const LEARNERS = { ada: 'Ada · premium', ben: 'Ben · free', chloe: 'Chloe · free' };
const EVERY_MS = 2000;

const select = document.querySelector('#learner');
const current = /(?:^|;\s*)practice-demo=([^;]*)/.exec(document.cookie)?.[1] ?? 'ada';
for (const [id, name] of Object.entries({ [current]: current, ...LEARNERS })) {
  select.append(new Option(name, id, false, id === current));
}
select.addEventListener('change', async () => {
  // On a shared computer a host does the same on logout: nothing of one learner stays for the next.
  await document.querySelector('tavus-practice')?.forget();
  document.cookie = `practice-demo=${select.value}; path=/; samesite=lax`;
  location.reload();
});

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

function line({ createdAt, endedAt, seconds }) {
  const item = document.createElement('li');
  const began = document.createElement('span');
  const length = document.createElement('span');
  began.textContent = timeOfDay.format(createdAt);
  length.textContent = endedAt === null ? `running · ${clock(seconds)}` : clock(seconds);
  length.classList.toggle('running', endedAt === null);
  item.append(began, length);
  return item;
}

async function showBill() {
  const answer = await fetch('/demo/ledger').catch(() => null);
  const bill = document.querySelector('#bill');
  // With the real Tavus behind it there is no ledger to read.
  bill.hidden = answer?.status === 404;
  if (!answer?.ok) return;
  const { paidSeconds, conversations } = await answer.json();
  document.querySelector('#paid').value = clock(paidSeconds);
  document.querySelector('#bill-hint').hidden = conversations.length > 0;
  document.querySelector('#conversations').replaceChildren(...conversations.slice(-6).reverse().map(line));
}

await showBill();
setInterval(() => document.visibilityState === 'visible' && showBill(), EVERY_MS);
