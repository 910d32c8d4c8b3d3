// A short message centre on npm's `smpp`, for tests: prints {"port": …, "control": …} and serves until stdin closes.
//
//   NODE_PATH=…/node_modules node centre.js
//   POST control/set {"receipts": "early"}   GET control/log   POST control/drop   POST control/says {"from", "text"}
'use strict';
const http = require('http');
const smpp = require('smpp');

const set = {
  port: Number(process.env.CENTRE_PORT || 0),
  password: 'secret',
  ids: 'hex',            // how ids are written in answers: hex or dec
  receiptIds: 'hex',     // and in receipts
  receipts: 'late',      // early: before the answer; late: after it; twice; none
  delay: 20,             // ms before a late one
  stat: 'DELIVRD',
  status: '',            // what every submit is answered, like ESME_RINVDSTADR
  perSecond: 0,          // above it ESME_RTHROTTLED
  swallow: 0,            // share of answers that are swallowed
  drop: 0,               // share of submits at which the line is cut
  dropWhen: 'after',     // before or after it was taken
  seed: 1,
};
const STATES = { ENROUTE: 1, DELIVRD: 2, EXPIRED: 3, DELETED: 4, UNDELIV: 5, ACCEPTD: 6, UNKNOWN: 7, REJECTD: 8 };

let count = 41000;
let seed = 1;
let tokens = { at: 0, left: 0 };
const log = { binds: [], taken: [], answered: 0, held: 0 };
const sessions = new Set();
const unconfirmed = new Map();

const random = () => {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return seed / 0x7fffffff;
};
const written = (number, how) => (how === 'hex' ? number.toString(16).toUpperCase().padStart(8, '0') : String(number));

function tooFast() {
  if (!set.perSecond) return false;
  const now = Date.now();
  if (now - tokens.at > 1000) tokens = { at: now, left: set.perSecond };
  return tokens.left-- <= 0;
}

function deliver(pdu) {
  const key = ++log.held;
  unconfirmed.set(key, pdu);
  push(key, pdu);
}

function push(key, pdu) {
  const session = [...sessions].pop();
  if (!session) return;
  session.deliver_sm({ ...pdu }, answer => {
    if (answer.command_status === 0) { unconfirmed.delete(key); log.answered++; }
  });
}

function receipt(submit, number) {
  const id = written(number, set.receiptIds);
  const done = set.stat === 'DELIVRD' ? '001' : '000';
  deliver({
    esm_class: 4,
    source_addr: submit.destination_addr,
    destination_addr: submit.source_addr,
    short_message: `id:${id} sub:001 dlvrd:${done} submit date:2612110900 done date:2612110901 stat:${set.stat} err:000 text:`,
    receipted_message_id: id,
    message_state: STATES[set.stat],
  });
}

function read(submit) {
  const message = submit.short_message || {};
  const header = (message.udh || []).find(element => element[0] === 0);
  const part = header ? { reference: header[2], parts: header[3], part: header[4] }
    : submit.sar_total_segments ? { reference: submit.sar_msg_ref_num, parts: submit.sar_total_segments, part: submit.sar_segment_seqnum }
      : { reference: 0, parts: 1, part: 1 };
  return { to: submit.destination_addr, from: submit.source_addr, coding: submit.data_coding, text: message.message || '', ...part };
}

function submitted(session, submit) {
  if (random() < set.drop && set.dropWhen === 'before') return session.destroy();
  const refused = tooFast() ? 'ESME_RTHROTTLED' : set.status;
  if (refused) return session.send(submit.response({ command_status: smpp[refused] }));
  const number = ++count;
  const id = written(number, set.ids);
  log.taken.push({ id, ...read(submit) });
  if (submit.registered_delivery && set.receipts === 'early') receipt(submit, number);
  if (random() >= set.swallow) session.send(submit.response({ message_id: id }));
  if (submit.registered_delivery && ['late', 'twice'].includes(set.receipts)) {
    setTimeout(() => { receipt(submit, number); if (set.receipts === 'twice') receipt(submit, number); }, set.delay);
  }
  return random() < set.drop ? session.destroy() : undefined;
}

const server = smpp.createServer(session => {
  session.on('error', () => {});
  session.on('close', () => sessions.delete(session));
  session.on('bind_transceiver', bind => {
    const status = bind.password === set.password ? 0 : smpp.ESME_RINVPASWD;
    log.binds.push(status);
    session.send(bind.response({ command_status: status, system_id: 'CENTRE' }));
    if (status) return session.close();
    sessions.add(session);
    return [...unconfirmed].forEach(([key, pdu]) => push(key, pdu));
  });
  session.on('enquire_link', ping => session.send(ping.response()));
  session.on('unbind', bye => { session.send(bye.response()); session.close(); });
  session.on('submit_sm', submit => submitted(session, submit));
});

const ACTS = {
  '/set': body => { Object.assign(set, body); seed = set.seed; return set; },
  '/log': () => ({ ...log, unconfirmed: unconfirmed.size }),
  '/drop': () => { [...server.sessions].forEach(session => session.destroy()); return {}; },
  '/says': body => { deliver({ source_addr: body.from, destination_addr: '1069', data_coding: 8, short_message: body.text }); return {}; },
};

const control = http.createServer((request, response) => {
  let text = '';
  request.on('data', piece => { text += piece; });
  request.on('end', () => response.end(JSON.stringify(ACTS[request.url](text ? JSON.parse(text) : {}))));
});

server.listen(set.port, '127.0.0.1', () => control.listen(0, '127.0.0.1', () => {
  process.stdout.write(JSON.stringify({ port: server.address().port, control: control.address().port }) + '\n');
}));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
