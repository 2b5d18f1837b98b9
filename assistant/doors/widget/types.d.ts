/** What travels between the server and the widget, and the widget's inner signatures, for the type
 * checker. A page that shows the widget needs element.d.ts alone. */

interface Source {
  publisher: string
  title: string
  /** Null: the source is named, never linked. */
  url: string | null
  date: string
  licence: string
  nature: string
}

interface Citation {
  number: number
  /** The publication's own words, or those of a summary whose sources are listed. */
  kind: 'quotation' | 'summary'
  passage_id: string
  title: string
  publisher: string
  sources: Source[]
  url: string | null
  page: number | null
  headings: string[]
  date: string
  /** passage[start:end], counted in Unicode code points. */
  quote: string
  passage: string
  start: number
  end: number
  confidence: number | null
  /** The number printed on the page, when it is known. */
  printed: string | null
  /** Of the words quoted: a screen reader changes its voice. */
  language: string
}

interface Sentence {
  text: string
  /** Numbers of the citations that support it. */
  citations: number[]
  /** In a language model's words, compared with what it cites; else word for word. */
  written?: boolean
  /** Its own: French words are quoted in an English answer. */
  language?: string
  /** What stands before it, in words of ours; "\n- " for an item of a list. */
  before?: string
  /** What is said beside it, in words of ours: where its dates stand today, how old it is. */
  remark?: string
}

interface Contact {
  name: string
  url: string | null
  phone: string | null
  email: string | null
  address: string | null
  hours: string | null
  checked: string
}

interface Answer {
  id: string
  outcome: string
  text: string
  sentences: Sentence[]
  citations: Citation[]
  /** Passages that do not answer the question. */
  nearest: Citation[]
  contact: Contact | null
  /** What was typed, masks in place of its personal data; empty without any. */
  asked?: string
  /** The question as it was searched: it stands alone. */
  question?: string
  language: string
}

/** A string of the interface in the reader's language, its {0} and {1} filled in. */
type Say = (key: string, ...values: (string | number)[]) => string

type Properties = {
  click?: () => void
  input?: () => void
  close?: () => void
  load?: () => void
  error?: () => void
  keydown?: (event: KeyboardEvent) => void
} & { [attribute: string]: unknown }

type Child = Node | string | number | null | undefined | false
/** What `make` returns, from « p.small ». */
type Made<Spec> = Spec extends keyof HTMLElementTagNameMap
  ? HTMLElementTagNameMap[Spec]
  : Spec extends `${infer Tag extends keyof HTMLElementTagNameMap}.${string}`
    ? HTMLElementTagNameMap[Tag]
    : never
/** `make('p.small', { lang: 'fr' }, 'text')`: a class is a part too. Children, and attributes by name; a function is a listener. What is falsy is left out. */
type Make = <const Spec extends string>(spec: Spec, ...rest: (Child | Properties)[]) => Made<Spec>
type MakeButton = (name: string, label: string, click: () => void, more?: Properties | false)
  => HTMLButtonElement
/** Opens apart and says so; plain text when the address is not http(s). */
type Link = (say: Say, url: string | null | undefined, text: string, hushed?: string)
  => HTMLAnchorElement | string
/** « 1er octobre 2020 » for 2020-10-01, « octobre 2020 » for 2020-10, wherever they stand. */
type Written = (say: Say, date: string) => string
/** The sentences, and what is between them. */
type Pieces = (answer: { text: string; sentences: Sentence[] }) => Sentence[]
/** What a citation is of, for a title. */
type Named = (say: Say, citation: Citation, near?: boolean) => HTMLElement
/** Its words, and where they come from; `near` ones answer nothing. */
type Passage = (say: Say, citation: Citation, near?: boolean) => HTMLElement
/** What a number opens, under its sentence. */
type Shown = (say: Say, citation: Citation) => HTMLElement[]
type Card = (citation: Citation, near?: boolean) => HTMLElement
type Fold = (list: Element) => void
/** The server's events, however cut. */
type Events = (response: Response, alive: () => void)
  => AsyncGenerator<[event: string, data: any], void>
/** A question and its answer. */
type Converse = (say: Say, question: string, field: HTMLTextAreaElement) => Talk
type Talk = {
  answer: Answer
  /** The question and its answer, for the transcript. */
  nodes: HTMLElement[]
  /** Paints one of the server's events. */
  take(event: string, data: any): void
  /** Adds what follows the words of an answer: who to ask, what is near. */
  end(): void
  /** Says that no more will come. */
  cease(note: string): void
}
/** An error with a sentence for the reader; `status` is HTTP's, 0 without one. */
type Fail = (message: string, status?: number) => Error & { status: number }
/** By code points, as the server counts. */
type Cut = (text: string, length: number) => string
/** A quote out of place is not marked. */
type Quoted = (citation: Pick<Citation, 'passage' | 'quote' | 'start' | 'end'>) => (Node | string)[]
/** Opens a passage under its sentence, and closes it. */
type Pill = (number: number) => HTMLButtonElement | string
/** Says what is wrong, and what can be done. */
type Warn = (text?: string, ...more: Node[]) => void
type Tell = (name: string, detail?: unknown) => void
type Listen = (event: Event) => void
/** A question, its answer, and the node that shows it. */
type Turn = { question: string; answer: Answer; node: HTMLElement }
type Said = { role: string; content: string }
/** What goes with the next question: no personal data twice. */
type Talking = (question: string) => Talk
type Ended = (question: string, talk: Talk) => void
type Stored = () => string | null
type Before = (turns: Turn[]) => Said[]
type Ui = {
  say: Say
  root: HTMLElement
  launcher: HTMLButtonElement
  panel: HTMLElement
  scroll: HTMLElement
  header: HTMLElement
  title: HTMLElement
  notice: HTMLDetailsElement
  log: HTMLElement
  left: HTMLElement
  field: HTMLTextAreaElement
  send: HTMLButtonElement
  stop: HTMLButtonElement
  links: HTMLElement
  status: HTMLElement
}
/** What the first file lends to the second, for the whole page. */
type Kit = {
  make: Make
  button: MakeButton
  link: Link
  quoted: Quoted
  shown: Shown
  sheet: CSSStyleSheet
  MESSAGES: Record<string, Record<string, string>>
  STYLE: string
}
/** One element, seen by the second file; `ui` changes with the language and the mode. */
type Host = {
  element: AssistantElement
  turns: Turn[]
  ui: () => Ui
  tell: Tell
  /** Shows a question, and ends its answer. */
  talk: Talking
  end: Ended
}
type Extras = {
  /** Adds its own to what was just built. */
  dress(): void
  /** Clears what the tab keeps. */
  forget(): void
  /** Who to turn to when nothing came. */
  help(): Node[]
  /** Why the server was not reached: the name of a sentence. */
  why(server: string): Promise<string>
  /** Adds what follows a finished answer. */
  ended(turn: Turn): void
}
type Equip = (kit: Kit, host: Host) => Extras
/** The second file, once, and only if its bytes are those we know. */
type Second = () => Promise<{ equip: Equip }>
type Sheet = (turns: Turn[]) => Window & typeof globalThis
/** `heard` says how it went. */
type Copy = (turns: Turn[], heard: HTMLElement) => Promise<void>
type Reach = (contact: Contact) => HTMLElement
type Opinion = (answer: Answer) => HTMLElement[]
type Switch = (name: string, on: () => boolean, turn: (on: boolean) => void) => HTMLButtonElement
/** What GET /api/v1/about says. */
type About = {
  town: string
  contact: Contact
  suggestions: string[]
  /** Days an answer is kept; 0: not at all. */
  kept_days: number
}
