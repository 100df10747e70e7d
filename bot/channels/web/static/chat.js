/* The simple chat page. Old Android browsers run it as it stands, so it keeps to ES2017 and
   degrades where streams are missing. Text from outside only ever becomes textContent. */
(function () {
  'use strict';

  var log = document.getElementById('log');
  var notice = document.getElementById('notice');
  var form = document.getElementById('form');
  var input = document.getElementById('text');
  var send = document.getElementById('send');

  var RETRIES = [1000, 2000, 4000, 8000];
  var SIZES = ['small', '', 'large', 'larger'];
  var VERDICTS = { eligible: 'Đủ điều kiện', not_eligible: 'Chưa đủ điều kiện', unknown: 'Chưa đủ thông tin để kết luận' };

  var token = load('token');
  var lastId = null;
  var shown = {};
  var busy = false;
  var stream = null;
  var unsent = null;

  // Private mode may forbid storage; the conversation then lives as long as the page.
  function load(key) { try { return sessionStorage.getItem('ansinh.' + key); } catch (e) { return null; } }
  function save(key, value) {
    try {
      if (value === null) { sessionStorage.removeItem('ansinh.' + key); } else { sessionStorage.setItem('ansinh.' + key, value); }
    } catch (e) { /* nothing to do */ }
  }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) { made.className = className; }
    if (text !== undefined && text !== null) { made.textContent = text; }
    return made;
  }

  function newId() {
    var bytes = new Uint8Array(16);
    crypto.getRandomValues(bytes);
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.prototype.map.call(bytes, function (b) { return ('0' + b.toString(16)).slice(-2); }).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  function pause(ms) { return new Promise(function (resolve) { setTimeout(resolve, ms); }); }

  function call(method, path, body) {
    var headers = {};
    if (token) { headers.Authorization = 'Bearer ' + token; }
    if (body) { headers['Content-Type'] = 'application/json'; }
    return fetch(path, { method: method, headers: headers, body: body ? JSON.stringify(body) : undefined });
  }

  /* A lost connection or a busy server: the same body, so the same id, again. The server runs it once. */
  async function insist(method, path, body) {
    for (var attempt = 0; ; attempt += 1) {
      var response = null;
      try { response = await call(method, path, body); } catch (e) { /* no connection */ }
      if (response && response.status !== 502 && response.status !== 503 && response.status !== 504) { return response; }
      if (attempt >= RETRIES.length) { throw new Error('offline'); }
      say('Đường truyền đang chập chờn, em đang gửi lại…');
      await pause(RETRIES[attempt]);
    }
  }

  function say(text) { notice.textContent = text || ''; }

  async function open() {
    if (!token) {
      var response = await insist('POST', '/api/web/session');
      var body = await response.json();
      if (!response.ok) { throw new Error(body.error.message); }
      token = body.token;
      save('token', token);
      body.messages.forEach(show);
    } else {
      var history = await insist('GET', '/api/web/messages');
      if (history.status === 401) { forget(); return open(); }
      var past = await history.json();
      if (!history.ok) { throw new Error(past.error.message); }
      past.messages.forEach(show);
    }
    listen();
    return undefined;
  }

  function forget() {
    token = null;
    lastId = null;
    save('token', null);
    if (stream) { stream.abort(); stream = null; }
  }

  function show(message) {
    if (shown[message.id]) { return; }
    shown[message.id] = true;
    lastId = message.id;
    var mine = message.role === 'citizen';
    var row = element('div', mine ? 'row mine' : 'row');
    var bubble = element('div', 'bubble ' + message.role);
    if (message.role === 'officer') { bubble.appendChild(element('span', 'who', 'Cán bộ')); }
    bubble.appendChild(element('p', 'text', message.text));
    if (message.answer) { details(bubble, message.answer); }
    row.appendChild(bubble);
    if (!mine) { closeOldChoices(); choices(row, message.buttons); thumbs(row, message); }
    log.appendChild(row);
    row.scrollIntoView({ block: mine ? 'end' : 'start' });
  }

  function details(bubble, answer) {
    if (answer.verdict) {
      bubble.appendChild(element('p', 'verdict ' + answer.verdict, VERDICTS[answer.verdict] || answer.verdict));
    }
    list(bubble, 'Từng điều kiện', answer.criteria, function (c) {
      var value = c.value === null || c.value === undefined || c.value === '' ? '' : ' (' + c.value + ')';
      return (VERDICTS[c.verdict] || '') + ': ' + c.label + value + (c.legal_basis ? ' – ' + c.legal_basis : '');
    });
    list(bubble, 'Căn cứ', answer.citations, function (c) {
      return [c.article, c.document].filter(Boolean).join(', ') +
        (c.effective_from ? ', hiệu lực từ ' + day(c.effective_from) : '') +
        (c.effective_to ? ' đến ' + day(c.effective_to) : '');
    }, function (c) { return c.url; });
    if (answer.citations && answer.citations.length && answer.as_of) {
      bubble.appendChild(element('p', 'note', 'Theo quy định tại ngày ' + day(answer.as_of)));
    }
    if (answer.verified === false) {
      bubble.appendChild(element('p', 'note unverified', 'Thông tin này chờ cán bộ xác nhận.'));
    }
    takeaway(bubble, answer.checklist_url);
  }

  function takeaway(bubble, url) {
    if (!url || !/^(https?:\/\/|\/checklist\/)/.test(url)) { return; }
    var a = element('a', 'takeaway', 'Tờ ghi nhớ (in được)');
    a.href = url; a.rel = 'noopener noreferrer'; a.target = '_blank';
    bubble.appendChild(a);
  }

  function list(bubble, title, items, sentence, address) {
    if (!items || !items.length) { return; }
    var box = element('details');
    box.appendChild(element('summary', '', title + ' (' + items.length + ')'));
    var ul = element('ul');
    items.forEach(function (item) {
      var li = element('li');
      var url = address ? address(item) : null;
      if (url && /^https?:\/\//.test(url)) {
        var a = element('a', '', sentence(item));
        a.href = url; a.rel = 'noopener noreferrer'; a.target = '_blank';
        li.appendChild(a);
      } else { li.textContent = sentence(item); }
      ul.appendChild(li);
    });
    box.appendChild(ul);
    bubble.appendChild(box);
  }

  function day(iso) {
    var parts = String(iso).slice(0, 10).split('-');
    return parts.length === 3 ? parts[2] + '/' + parts[1] + '/' + parts[0] : String(iso);
  }

  function choices(row, buttons) {
    if (!buttons || !buttons.length) { return; }
    var box = element('div', 'choices');
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', 'Chọn một câu trả lời');
    buttons.forEach(function (button) {
      var made = element('button', '', button.title);
      made.type = 'button';
      made.addEventListener('click', function () {
        if (!busy) { post({ id: newId(), payload: button.payload }, button.title); }
      });
      box.appendChild(made);
    });
    row.appendChild(box);
  }

  function closeOldChoices() {
    Array.prototype.forEach.call(log.querySelectorAll('.choices button'), function (b) { b.disabled = true; });
  }

  function thumbs(row, message) {
    if (message.role !== 'bot' || !message.answer || message.answer.source === 'system') { return; }
    var box = element('div', 'thumbs');
    var made = [[1, 'Hữu ích'], [-1, 'Chưa đúng']].map(function (pair) {
      var button = element('button', '', pair[1]);
      button.type = 'button';
      button.setAttribute('aria-pressed', 'false');
      button.addEventListener('click', function () { rate(message.id, pair[0], button, made); });
      box.appendChild(button);
      return button;
    });
    row.appendChild(box);
  }

  async function rate(id, value, button, all) {
    try {
      var response = await insist('POST', '/api/web/feedback', { message: id, value: value });
      if (!response.ok) { say((await response.json()).error.message); return; }
      all.forEach(function (b) { b.setAttribute('aria-pressed', String(b === button)); });
      say('Em cảm ơn góp ý của mình.');
    } catch (e) { say('Chưa gửi được góp ý, mình thử lại giúp em.'); }
  }

  async function post(body, text, path) {
    wait(true);
    var row = mine(body.id, text);
    try {
      var response = await insist('POST', path || '/api/web/messages', body);
      var answer = await response.json();
      if (response.status === 401) {
        row.className += ' failed';
        forget();
        say(answer.error.message);
        await open();
      } else if (!response.ok) {
        row.className += ' failed';
        if (body.text && !input.value) { input.value = body.text; }
        say(answer.error.message);
      } else {
        say('');
        answer.messages.forEach(show);
      }
    } catch (e) {
      // It may have arrived all the same: sent once more, it keeps its id.
      unsent = { id: body.id, text: body.text, row: row };
      row.className += ' failed';
      if (body.text && !input.value) { input.value = body.text; }
      say('Không có kết nối nên tin chưa gửi được. Mình kiểm tra mạng rồi bấm Gửi lần nữa giúp em.');
    }
    wait(false);
  }

  function mine(id, text) {
    show({ id: id, role: 'citizen', text: text });
    return log.lastChild;
  }

  function wait(on) {
    busy = on;
    send.disabled = on;
    if (on) { say('Em đang xử lý, mình chờ một chút…'); } else { input.focus({ preventScroll: true }); }
  }

  /* Officers' replies and late answers. EventSource can't send the token, so the stream is read by hand. */
  async function listen() {
    if (!window.AbortController || !window.TextDecoder || !window.ReadableStream) { return; }
    stream = new AbortController();
    var mineStream = stream;
    while (stream === mineStream) {
      try {
        var address = '/api/web/events' + (lastId ? '?after=' + encodeURIComponent(lastId) : '');
        var response = await fetch(address, { headers: { Authorization: 'Bearer ' + token }, signal: mineStream.signal });
        if (response.status === 401) { return; }
        if (response.ok) { await follow(response.body.getReader(), mineStream); }
      } catch (e) { /* asked again below */ }
      await pause(3000);
    }
  }

  async function follow(reader, mineStream) {
    var decoder = new TextDecoder();
    var rest = '';
    while (stream === mineStream) {
      var part = await reader.read();
      if (part.done) { return; }
      rest += decoder.decode(part.value, { stream: true });
      var events = rest.split('\n\n');
      rest = events.pop();
      events.forEach(function (event) {
        var data = event.split('\n').filter(function (line) { return line.indexOf('data: ') === 0; })[0];
        if (data && event.indexOf('event: message') !== -1) { show(JSON.parse(data.slice(6))); }
      });
    }
  }

  function resize(step) {
    var root = document.documentElement;
    var now = Math.max(0, SIZES.indexOf(root.className));
    root.className = SIZES[Math.min(SIZES.length - 1, Math.max(0, now + step))];
    save('size', root.className);
    grow();
  }

  function submit() {
    var text = input.value.trim();
    if (!text || busy) { return; }
    input.value = '';
    grow();
    var id = newId();
    if (unsent && unsent.text === text) {
      id = unsent.id;
      delete shown[id];
      log.removeChild(unsent.row);
    }
    unsent = null;
    post({ id: id, text: text }, text);
  }

  function grow() {
    input.style.height = 'auto';
    input.style.height = Math.min(input.scrollHeight + 4, 160) + 'px';
  }

  form.addEventListener('submit', function (event) { event.preventDefault(); submit(); });
  input.addEventListener('input', grow);
  input.addEventListener('keydown', function (event) {
    // While a Vietnamese keyboard is composing, Enter ends the word.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });
  document.getElementById('smaller').addEventListener('click', function () { resize(-1); });
  document.getElementById('larger').addEventListener('click', function () { resize(1); });
  document.getElementById('person').addEventListener('click', function () {
    if (!busy) { post({ id: newId() }, 'Gặp cán bộ', '/api/web/handover'); }
  });
  document.getElementById('restart').addEventListener('click', async function () {
    if (busy || !window.confirm('Xóa cuộc trò chuyện này và bắt đầu lại?')) { return; }
    wait(true);
    try { await insist('DELETE', '/api/web/session'); } catch (e) { say('Chưa xóa được, mình thử lại giúp em.'); wait(false); return; }
    forget();
    shown = {};
    unsent = null;
    log.textContent = '';
    start();
  });

  function start() {
    wait(true);
    open().then(function () { say(''); wait(false); }, function () {
      say('Chưa mở được cuộc trò chuyện. Mình tải lại trang sau ít phút giúp em.');
      wait(false);
    });
  }

  document.documentElement.className = load('size') || '';
  start();
}());
