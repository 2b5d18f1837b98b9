// The `openai` package as a developer uses it: node openai.mjs ADDRESS QUESTION
import OpenAI from 'openai'

const [address, question] = process.argv.slice(2)
const client = new OpenAI({ apiKey: 'aucune', baseURL: `${address}/v1`, maxRetries: 0 })
const ask = { model: 'assistant-pvd', messages: [{ role: 'user', content: question }] }

const models = await client.models.list()
const whole = await client.chat.completions.create(ask)

let text = ''
let usage = null
const links = []
let sources = []
const stream = await client.chat.completions.create({
  ...ask, stream: true, stream_options: { include_usage: true },
})
for await (const chunk of stream) {
  const delta = chunk.choices[0]?.delta ?? {}
  text += delta.content ?? ''
  links.push(...(delta.annotations ?? []))
  sources = chunk.sources ?? sources
  usage = chunk.usage ?? usage
}

const helper = client.chat.completions.stream(ask)
const final = await helper.finalChatCompletion()

const refusal = await client.chat.completions.create({ ...ask, n: 2 }).catch((error) => ({
  kind: error.constructor.name, status: error.status, param: error.param, message: error.message,
}))

console.log(JSON.stringify({
  models: models.data.map(({ id }) => id),
  whole: whole.choices[0].message,
  sources: whole.sources,
  streamed: { text, links, sources, usage },
  helped: final.choices[0].message.content,
  finished: final.choices[0].finish_reason,
  refusal,
}))
