import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { enLauncher } from './locales/en-launcher.js';
import { ENGLISH, type Language } from './locales/language.js';
import type { LauncherMessages, Messages } from './locales/messages.js';

/** The element, as far as its texts need it. */
interface TextsHost extends ReactiveControllerHost, HTMLElement {
  readonly messages: Partial<Messages>;
  readonly config: { messages: Partial<Messages> } | undefined;
}

/** The texts of an element in the language around it, fetched when that is a new one. What the host brings goes first. */
export class Texts implements ReactiveController {
  readonly #host: TextsHost;
  #wanted: string | null = null;
  #bringsTexts = false;
  #language = ENGLISH;
  #table: LauncherMessages = enLauncher;
  #ready = false;

  constructor(host: TextsHost) {
    this.#host = host;
    host.addController(this);
  }

  get language(): Language {
    return this.#language;
  }

  /** All of them once `complete()` has resolved; before that what the launcher says. */
  get messages(): Messages {
    return { ...(this.#table as Messages), ...this.#brought };
  }

  /** A text of the launcher. */
  say(key: keyof LauncherMessages): string {
    return this.#host.messages[key] ?? this.#host.config?.messages[key] ?? this.#table[key];
  }

  hostConnected(): void {
    following.add(this.#host);
    observeLanguage();
    // Elsewhere in the page another language may be spoken.
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    following.delete(this.#host);
  }

  /** Call before every update. @returns whether there is anything to say yet */
  follow(): boolean {
    const wanted = nearestLang(this.#host);
    const bringsTexts = Object.keys(this.#brought).length > 0;
    if (wanted === this.#wanted && bringsTexts === this.#bringsTexts) return this.#ready;
    this.#wanted = wanted;
    this.#bringsTexts = bringsTexts;
    const isFirst = !this.#ready;
    if (isFirst && isEnglish(wanted)) this.#show({ language: english(wanted), messages: enLauncher });
    // A button in the wrong language is better than one without a word.
    else this.complete().catch(() => this.#show({ language: this.#language, messages: this.#table }));
    return this.#ready;
  }

  /** Fetches all texts of the language. Rejects when they cannot be had. */
  async complete(): Promise<void> {
    const wanted = (this.#wanted ??= nearestLang(this.#host));
    const texts = isEnglish(wanted)
      ? { language: english(wanted), ...(await import('./locales/en.js')) }
      : await (await import('./locales/load-texts.js')).loadTexts(wanted, this.#bringsTexts);
    if (wanted === this.#wanted) this.#show(texts);
    else await this.complete();
  }

  #show({ language, messages }: { language: Language; messages: LauncherMessages }): void {
    this.#language = language;
    this.#table = messages;
    this.#ready = true;
    this.#host.requestUpdate();
  }

  get #brought(): Partial<Messages> {
    return { ...this.#host.config?.messages, ...this.#host.messages };
  }
}

/** Most pages; for them nothing has to be found out. */
const isEnglish = (wanted: string): boolean => /^(en(-[a-z]{2})?)?$/i.test(wanted);

const english = (wanted: string): Language => (wanted ? { ...ENGLISH, tag: wanted } : ENGLISH);

/** Across the borders of shadow trees. */
function nearestLang(element: Element): string {
  const found = element.closest('[lang]');
  if (found) return found.getAttribute('lang') ?? '';
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? nearestLang(root.host) : '';
}

const following = new Set<ReactiveControllerHost>();
let observer: MutationObserver | undefined;

/** Pages switch their language by the attribute of any ancestor: one observer tells all elements. */
function observeLanguage(): void {
  if (observer) return;
  observer = new MutationObserver(() => following.forEach((host) => host.requestUpdate()));
  observer.observe(document, { subtree: true, attributeFilter: ['lang'] });
}
