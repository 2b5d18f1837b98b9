/** /integration: tells the contrast of the colours while they are chosen. The server refuses too. */

const LEAST = 4.5

/** The relative luminance of WCAG 2, for « #17527d ». @param {string} colour */
const luminance = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const told = document.querySelector('#contraste')
const inputs = [...document.querySelectorAll('input[type=color]')]
  .filter((each) => each instanceof HTMLInputElement)

const tell = () => {
  const [dark, light] = inputs.map((each) => luminance(each.value)).sort((a, b) => a - b)
  const ratio = (light + 0.05) / (dark + 0.05)
  const enough = ratio >= LEAST
  if (told) {
    told.textContent = `Contraste : ${ratio.toFixed(2).replace('.', ',')} pour 1. ` +
      (enough ? 'C’est assez.' : 'C’est trop peu : il en faut 4,5.')
  }
  for (const each of inputs) each.setAttribute('aria-invalid', `${!enough}`)
}

for (const each of inputs) each.addEventListener('input', tell)
tell()

export {}
