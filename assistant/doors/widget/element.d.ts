/** Types of <assistant-pvd> for the pages that show it: reference this file from TypeScript, or from
 * JavaScript that is checked. */

/**
 * <assistant-pvd>, in a page:
 *
 * attributes  server (by default, where the script comes from), mode ("launcher" or "inline"), lang
 *             (by default, that of the closest element that has one; "fr" or "en"), privacy-url,
 *             contact-url; neither a change nor a move of the element ends the conversation;
 *             contact-phone and contact-email, offered when the server cannot be reached; plain, for
 *             answers in plain words
 * methods     open(), close(), ask(text), stop(), reset(); while an answer is coming in, ask() only
 *             writes the question in the field
 * colours     --pvd-accent, --pvd-on-accent, --pvd-background, --pvd-surface, --pvd-text,
 *             --pvd-border, --pvd-mark; --pvd-scheme ("light", "dark" or "light dark"), by default
 *             the page's own color-scheme
 * shapes      --pvd-size (1: of text), --pvd-radius, --pvd-font, --pvd-offset, --pvd-z-index
 * parts       every class of the shadow tree is a part: launcher, panel, header, notice, log,
 *             question, answer, text, pill, citation, form, field, send, stop, tools, links…
 *
 * A click on an element of the page that has `data-pvd-open` opens it; `data-pvd-open="ID"`, the one
 * with this id. Of several in a page, the first that is neither inline nor hidden has the button.
 */

/** The events of <assistant-pvd>; they bubble, cross shadow roots and never carry the question. */
interface GlobalEventHandlersEventMap {
  'pvd-ready': CustomEvent<null>
  'pvd-open': CustomEvent<null>
  'pvd-close': CustomEvent<null>
  /** One was sent. */
  'pvd-question': CustomEvent<null>
  'pvd-feedback': CustomEvent<{ id: string; useful: boolean; reasons: string[] }>
  'pvd-answer': CustomEvent<{ id: string; outcome: string }>
  /** `status` is that of HTTP, 0 when the server was not reached or fell silent. */
  'pvd-error': CustomEvent<{ status: number }>
}

/** The element, as a page handles it. */
interface AssistantElement extends HTMLElement {
  /** By default, where the script comes from. */
  server: string
  /** "launcher" or "inline". */
  mode: string
  open(): void
  close(): void
  /** Opens, and asks; while an answer comes in, only writes the question in the field. */
  ask(text: string): void
  /** Stops the answer that is coming in. */
  stop(): void
  /** Forgets the conversation. */
  reset(): void
}

interface HTMLElementTagNameMap {
  'assistant-pvd': AssistantElement
}
