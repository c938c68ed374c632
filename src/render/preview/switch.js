document.getElementById('images').addEventListener('change', event => {
  const off = "default-src 'none'; style-src 'unsafe-inline'";
  const on = off + '; img-src http: https: data:';
  for (const frame of document.querySelectorAll('iframe[data-images]')) {
    const [from, to] = event.target.checked ? [off, on] : [on, off];
    frame.srcdoc = frame.srcdoc.replace('content="' + from + '"', 'content="' + to + '"');
  }
});
