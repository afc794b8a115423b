import type { Messages } from './locales/messages.js';

/** Texts, numbers and moments in one language. Times are seconds; moments are ISO 8601. */
export class Wording {
  readonly lang: string;
  readonly #messages: Messages;

  constructor(lang: string, messages: Messages) {
    this.lang = lang;
    this.#messages = messages;
  }

  /** The text of `key` with its values filled in. */
  say(key: keyof Messages, values: Readonly<Record<string, string>> = {}): string {
    return this.#messages[key].replace(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.lang, { maximumFractionDigits: 0 }).format(value);
  }

  /** @param score percent, 0–100 */
  percent(score: number): string {
    return new Intl.NumberFormat(this.lang, { style: 'percent', maximumFractionDigits: 0 }).format(score / 100);
  }

  /** `6:12`, or `1:06:12` from an hour on. */
  clock(seconds: number): string {
    const whole = Math.max(0, Math.floor(seconds));
    const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const shown = parts[0] === 0 ? parts.slice(1) : parts;
    return shown.map((part, i) => this.#digits(part, i === 0 ? 1 : 2)).join(':');
  }

  /** `10 min`, `45 sec`: rounded to whole minutes from two minutes on. */
  length(seconds: number): string {
    const inSeconds = seconds < 120 && seconds % 60 !== 0;
    return new Intl.NumberFormat(this.lang, {
      style: 'unit',
      unit: inSeconds ? 'second' : 'minute',
      unitDisplay: 'short',
      maximumFractionDigits: 0,
    }).format(inSeconds ? seconds : seconds / 60);
  }

  /** `today`, `yesterday`, `tomorrow`, else the date; in the learner's time zone, seen from `now`. */
  day(moment: string, now: string): string {
    const days = daysBetween(now, moment);
    if (Math.abs(days) <= 1) return new Intl.RelativeTimeFormat(this.lang, { numeric: 'auto' }).format(days, 'day');
    return new Intl.DateTimeFormat(this.lang, { day: 'numeric', month: 'short' }).format(new Date(moment));
  }

  /** The day and the time of day, for a moment that is near. */
  moment(moment: string, now: string): string {
    const time = new Intl.DateTimeFormat(this.lang, { hour: 'numeric', minute: '2-digit' }).format(new Date(moment));
    return `${this.day(moment, now)}, ${time}`;
  }

  #digits(value: number, least: number): string {
    return new Intl.NumberFormat(this.lang, { minimumIntegerDigits: least, useGrouping: false }).format(value);
  }
}

function daysBetween(from: string, to: string): number {
  const midnight = (moment: string): number => new Date(moment).setHours(0, 0, 0, 0);
  return Math.round((midnight(to) - midnight(from)) / 86_400_000);
}
