// A resident's way through, in Debian's Firefox: node firefox.mjs ADDRESS QUESTION PICTURE
import puppeteer from 'puppeteer-core'

const [address, question, picture] = process.argv.slice(2)
const browser = await puppeteer.launch({
  browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true,
})
try {
  const page = await browser.newPage()
  page.setDefaultTimeout(30_000)
  const errors = []
  page.on('pageerror', ({ message }) => errors.push(message))
  page.on('console', (line) => line.type() === 'error' && errors.push(line.text()))
  await page.goto(address)

  // Visible: else Puppeteer waits for changes of the document, not of a shadow root.
  const seen = (selector) => page.waitForSelector(`>>> ${selector}`, { visible: true })
  const text = async (selector) => (await seen(selector)).evaluate((one) => one.innerText)
  const found = { version: await browser.version() }
  await page.locator('>>> .launcher').click()
  found.title = await text('h2.title')
  await page.keyboard.type(question)  // the field has the focus
  await page.keyboard.press('Enter')
  await seen('.copy')
  found.outcome = await page.$eval('>>> .answer', (one) => one.dataset.outcome)
  found.text = await text('.answer .text')
  await page.locator('>>> .pill').click()
  found.mark = await text('.proof mark')
  await page.screenshot({ path: picture })
  await page.locator('>>> .back').click()
  await page.locator('>>> .close').click()
  found.open = await page.$eval('>>> dialog', (one) => one.open || one.matches(':popover-open'))
  found.focus = await page.$eval('assistant-pvd', (one) => one.shadowRoot.activeElement?.className)
  console.log(JSON.stringify({ ...found, errors }))
} finally {
  await browser.close()
}
