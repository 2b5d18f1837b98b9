// The Vercel AI SDK with `@ai-sdk/openai`: node ai-sdk.mjs ADDRESS QUESTION
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, streamText } from 'ai'

const [address, question] = process.argv.slice(2)
const town = createOpenAI({ apiKey: 'aucune', baseURL: `${address}/v1` })
const ask = { model: town.chat('assistant-pvd'), prompt: question, maxRetries: 0 }
const told = ({ sourceType, url, title }) => ({ sourceType, url, title })

const whole = await generateText(ask)
const stream = streamText({ ...ask, system: 'Réponds en anglais.' })
let text = ''
const sources = []
for await (const part of stream.fullStream) {
  if (part.type === 'text-delta') text += part.text
  if (part.type === 'source') sources.push(told(part))
  if (part.type === 'error') throw part.error
}

console.log(JSON.stringify({
  text: whole.text,
  finished: whole.finishReason,
  sources: whole.sources.map(told),
  streamed: { text, sources, finished: await stream.finishReason, usage: await stream.usage },
}))
