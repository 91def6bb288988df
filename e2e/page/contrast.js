// The contrast of every text and of every mark drawn before an element, as WCAG 2 defines it.
(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  // A colour as four numbers, whatever its notation.
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const back = (e) => {
    if (!e) return [255, 255, 255, 1];
    const own = rgba(getComputedStyle(e).backgroundColor);
    return own[3] === 1 ? own : over(own, back(e.parentElement));
  };
  const luminance = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const poor = [];
  let measured = 0;
  const measure = (e, style, text) => {
    const behind = back(e);
    const front = over(rgba(style.color), behind);
    const [high, low] = [luminance(front), luminance(behind)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    measured++;
    if (ratio < 4.5) poor.push({ Text: text.slice(0, 40), Front: String(front), Back: String(behind), Ratio: ratio });
  };
  for (const e of document.body.querySelectorAll('*')) {
    if (!e.checkVisibility({ contentVisibilityAuto: false, visibilityProperty: true })) continue;
    const text = [...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join('').trim();
    if (text) measure(e, getComputedStyle(e), text);
    if (e.placeholder) measure(e, getComputedStyle(e, '::placeholder'), e.placeholder);
    const mark = getComputedStyle(e, '::before');
    if (!['none', 'normal', '""'].includes(mark.content)) measure(e, mark, `${e.className} ${e.dataset.state ?? ''} ${mark.content}`);
  }
  return { Measured: measured, Poor: poor };
})()
