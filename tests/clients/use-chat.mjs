// What `useChat` does, without a page: node use-chat.mjs ADDRESS QUESTION
import { AbstractChat, DefaultChatTransport } from 'ai'

const [address, question] = process.argv.slice(2)

/** The state of a chat as React would hold it. */
class Plain {
  status = 'ready'
  error = undefined
  messages = []
  pushMessage(message) { this.messages.push(message) }
  popMessage() { this.messages.pop() }
  replaceMessage(index, message) { this.messages[index] = message }
  snapshot(value) { return structuredClone(value) }
}

const chat = new (class extends AbstractChat {})({
  state: new Plain(),
  transport: new DefaultChatTransport({ api: `${address}/api/v1/chat` }),
  onError() {},
})
await chat.sendMessage({ text: question })
await chat.sendMessage({ text: 'et où ?' })
const told = chat.messages
await chat.sendMessage({ text: '???' })

console.log(JSON.stringify({
  roles: told.map(({ role }) => role).slice(0, 4),
  parts: told[1].parts,
  metadata: told[1].metadata,
  status: chat.status,
  error: chat.error?.message,
}))
