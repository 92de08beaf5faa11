import { paragraphs, type Language } from './language.ts';

const HELLO = 'Hello {customer},';
const SHOW = 'At the counter, show your ticket code: {ticketCode}';
const SEE = 'See, change or cancel your order: {link}';
const CHANGE = 'Choose another time: {link}';
const DROP_OFF = 'Drop-off: {dropOffSlot}\n{dropOffPlace}';
const PICK_UP = 'Pick-up: {pickUpSlot}\n{pickUpPlace}';
const READY = 'Ready by: {readyTime}';
const IS_OR_ARE = '{pairs, plural, one {is} other {are}}';
const IT_OR_THEM = '{pairs, plural, one {it} other {them}}';

export const ENGLISH: Language = {
  locale: 'en',
  formatsOf: (region) => (region === undefined ? 'en' : `en-${region}`),
  writes: (half) => !/\p{Script=Han}/u.test(half),
  weekdayStyle: 'long',
  dayPart: (weekday, part, hour) => {
    if (hour < 6) return `${weekday} morning`;
    const word = part.replace(/^(in the|at) /, '');
    return word === 'noon' ? `${weekday} at noon` : `${weekday} ${word}`;
  },
  datedDayPart: (dayPart, date) => `${dayPart}, ${date}`,
  phrases: {
    item: '{pairs, plural, one {{name}} other {{name} (# pairs)}}',
    several: '{first} and {more, plural, one {# more pair} other {# more pairs}}',
    line: '• {item}: {care}',
    inCare: 'in {care}',
    place: '{place}, {address}',
    slot: '{day}, {hours}',
  },
  care: {
    clean: 'cleaning',
    protect: 'waterproofing',
    whiten: 'whitening',
    condition: 'conditioning',
    sole: 'sole repair',
    colour: 'recolouring',
    'basic-clean': 'cleaning',
    'deep-clean': 'deep cleaning',
    whitening: 'whitening',
    'suede-care': 'suede care',
    conditioning: 'conditioning',
    waterproofing: 'waterproofing',
    'heel-tips': 'heel repair',
    reglue: 'sole re-gluing',
    resole: 'resoling',
    recolour: 'recolouring',
    restoration: 'restoration',
    'us-clean': 'cleaning',
    'us-suede': 'suede care',
    'us-heels': 'heel repair',
    'us-resole': 'resoling',
    'us-restoration': 'restoration',
    'uk-clean': 'cleaning and conditioning',
    'uk-waterproofing': 'waterproofing',
    'uk-heels': 'heel repair',
    'uk-resole': 'resoling',
    'uk-recolour': 'recolouring',
    'in-clean': 'deep cleaning',
    'in-polish': 'polishing and conditioning',
    'in-heels': 'heel repair',
    'in-resole': 'resoling',
  },
  openNow: 'now',
  anyCare: { name: 'care', now: 'in care' },
  stages: {
    BOOKED: { name: 'booked', now: 'booked' },
    RECEIVED: { name: 'at the store', now: 'at the store' },
    IN_TRANSIT: { name: 'on the way', now: 'on the way' },
    IN_CARE: { name: 'in care', now: 'in care' },
    READY: { name: 'ready', now: 'ready to be collected' },
    COLLECTED: { name: 'collected', now: 'collected' },
    CANCELLED: { name: 'cancelled', now: 'cancelled' },
  },
  reasons: {
    MISSED_CUT_OFF: 'a van left before your shoes were there',
    VAN_MISSED: 'a van left before your shoes were there',
    VAN_LATE: 'a van is late or does not go',
    HANDED_IN_LATE: 'your shoes came to us later than booked',
    TRIP_FULL: 'a van was full',
    WORKSHOP_CLOSED: 'the workshop is closed for a time',
    WORKSHOP_FULL: 'the workshop has more work than fits',
    SHIFT_LOST: 'a shift of the workshop could not take place',
    CAPACITY_CUT: 'the workshop can do less than planned',
    EXTRA_WORK: 'your shoes need more care than expected',
    DRYING: 'your shoes need more time to dry',
    STORE_CLOSED: 'the store is closed for a time',
    SHELF_FULL: 'the store had no room for your shoes earlier',
    COUNTER_FULL: 'the counter had no room for you earlier',
  },
  noReason: 'not stated',
  somebody: 'Customer',
  sampleExplanation: 'The sole of the left shoe comes off at the heel. We would glue it again.',
  messages: {
    ORDER_BOOKED: {
      title: 'Your order {ticketCode} is booked',
      text: paragraphs(
        HELLO,
        'Your order for {items} is booked.',
        DROP_OFF,
        READY,
        PICK_UP,
        '{itemList}',
        SHOW,
        SEE,
      ),
      short:
        'Booked: drop-off on {dropOffTime} at {dropOffStore}, pick-up on {pickUpTime} at {pickUpStore}. Ticket {ticketCode}',
    },
    DROP_OFF_REMINDER: {
      title: 'Drop-off {dropOffSlot}',
      text: paragraphs(
        HELLO,
        'We look forward to seeing you with {items}.',
        DROP_OFF,
        'Please bring:\n{itemList}',
        SHOW,
        CHANGE,
      ),
      short:
        'Reminder: drop off {items} on {dropOffTime} at {dropOffStore}. Bring ticket {ticketCode}',
    },
    RECEIPT: {
      title: 'We have your {items}',
      text: paragraphs(
        HELLO,
        `Your {items} {pairs, plural, one {has} other {have}} arrived at {dropOffStore}.`,
        '{itemList}',
        `You can collect ${IT_OR_THEM} on {readyDay} ({readyTime}).`,
        PICK_UP,
        'See your order: {link}',
      ),
      short:
        '{pairs, plural, one {Your {items} has arrived and is {stageNow}; you can collect it on {readyDay}} other {Your {items} have arrived and are {stageNow}; you can collect them on {readyDay}}}',
    },
    PROGRESS: {
      title: 'Your {items}: {stage}',
      text: paragraphs(
        HELLO,
        `Your {items} ${IS_OR_ARE} now {stageNow}.`,
        READY,
        'See your order: {link}',
      ),
      short: `Your {items} ${IS_OR_ARE} now {stageNow}`,
    },
    FINDING: {
      title: 'Please decide: more to do on your {items}',
      text: paragraphs(
        HELLO,
        `While working on your {items} we found something, and will do nothing about it until you decide.`,
        '{explanation}',
        'Price: {price}',
        'If you approve, you can collect on {newReadyDay}.',
        'Approve, decline or ask: {link}',
      ),
      short: 'We found more to do on your {items}. Please approve or decline',
    },
    NEW_PROMISE: {
      title:
        '{visit, select, DROP_OFF {New drop-off time needed for your {items}} other {New time for your {items}: {readyDay}}}',
      text: paragraphs(
        HELLO,
        'We are sorry: {visit, select, DROP_OFF {we cannot take your {items} at your drop-off of {dropOffSlot}} other {you cannot collect your {items} at your pick-up of {pickUpSlot}}}.',
        'The reason: {reason}.',
        `{visit, select, DROP_OFF {If you choose one of the next times, we will say when you can collect ${IT_OR_THEM}.} other {You can collect ${IT_OR_THEM} on {readyDay} ({readyTime}).}}`,
        'Please choose one of these times at {visit, select, DROP_OFF {{dropOffStore}} other {{pickUpStore}}}, or any other:\n{slots}',
        CHANGE,
      ),
      short: `{visit, select, DROP_OFF {Sorry, we cannot take your {items} at the booked time. Please choose another drop-off time} other {Sorry, your {items} will be ready later than booked: on {readyDay}. Please choose another pick-up time}}`,
    },
    READY: {
      title: `Your {items} ${IS_OR_ARE} ready`,
      text: paragraphs(
        HELLO,
        `Your {items} ${IS_OR_ARE} ready at {pickUpPlace}.`,
        `Collect ${IT_OR_THEM} from {collectFrom} until {collectUntil}.`,
        'Your pick-up: {pickUpSlot}',
        SHOW,
        CHANGE,
      ),
      short: `Your {items} ${IS_OR_ARE} ready at {pickUpStore}; your pick-up: {pickUpTime}. Ticket {ticketCode}`,
    },
    PICK_UP_REMINDER: {
      title: 'Pick-up {pickUpSlot}',
      text: paragraphs(
        HELLO,
        `Your {items} {isReady, select, yes {${IS_OR_ARE}} other {will be}} ready for your pick-up.`,
        PICK_UP,
        SHOW,
        CHANGE,
      ),
      short: 'Reminder: collect {items} on {pickUpTime} at {pickUpStore}. Ticket {ticketCode}',
    },
    PICK_UP_DAY: {
      title: 'Today at {pickUpHour}: collect your {items}',
      text: paragraphs(
        HELLO,
        `Your {items} {isReady, select, yes {${IS_OR_ARE}} other {will be}} ready for you today at {pickUpHour}.`,
        '{pickUpPlace}',
        SHOW,
        CHANGE,
      ),
      short: 'Today at {pickUpHour}: collect {items} at {pickUpStore}. Ticket {ticketCode}',
    },
    QUEUE_NEAR: {
      title: 'It is almost your turn',
      text: paragraphs(
        HELLO,
        'At most two people are ahead of you at {visit, select, DROP_OFF {{dropOffStore}} other {{pickUpStore}}}. Please come to the counter.',
        'Ticket code: {ticketCode} ({items})',
      ),
      short:
        'At most two people are ahead of you at {visit, select, DROP_OFF {{dropOffStore}} other {{pickUpStore}}}: please come to the counter. Ticket {ticketCode}',
    },
    MISSED: {
      title: 'We missed you',
      text: paragraphs(
        HELLO,
        'We expected you on {missedSlot} at {missedPlace}.',
        `{visit, select, DROP_OFF {Please choose another time to bring {items}.} other {{isReady, select, yes {Your {items} ${IS_OR_ARE} ready and kept for you. Come when the store is open, or choose another time.} other {Please choose another time to collect {items}.}}}}`,
        'Ticket code: {ticketCode}',
        CHANGE,
      ),
      short: `We missed you on {missedSlot}. {visit, select, DROP_OFF {Please choose another time to bring {items}} other {Please come or choose another time to collect {items}}}`,
    },
    OVERDUE: {
      title: `Your {items} ${IS_OR_ARE} waiting for you`,
      text: paragraphs(
        HELLO,
        `Your {items} {pairs, plural, one {has} other {have}} been waiting for you for {overdueDays, plural, one {# day} other {# days}} at {pickUpPlace}.`,
        'Come when the store is open; you need no new appointment.',
        'We keep your shoes until {lastCollectBy}; then please ask the store what becomes of them.',
        SHOW,
        CHANGE,
      ),
      short: `Your {items} {pairs, plural, one {has} other {have}} been waiting at {pickUpStore} for {overdueDays, plural, one {# day} other {# days}}. Ticket {ticketCode}`,
    },
    MOVED: {
      title:
        '{visit, select, DROP_OFF {Drop-off moved: {dropOffSlot}} PICK_UP {Pick-up moved: {pickUpSlot}} other {Your appointments have changed}}',
      text: paragraphs(
        HELLO,
        '{visit, select, DROP_OFF {Your drop-off has been moved.} PICK_UP {Your pick-up has been moved.} other {Your appointments have changed.}} This now holds for {items}:',
        DROP_OFF,
        READY,
        PICK_UP,
        'Ticket code, the same as before: {ticketCode}',
        SEE,
      ),
      short:
        'Now: drop-off on {dropOffTime} at {dropOffStore}, pick-up on {pickUpTime} at {pickUpStore}. Ticket {ticketCode}',
    },
    CANCELLED: {
      title: 'Your order {ticketCode} is cancelled',
      text: paragraphs(
        HELLO,
        'Your order {ticketCode} for {items} is cancelled. Both appointments are free again; there is nothing left for you to do.',
        'The reason: {reason}',
        'Your order: {link}',
      ),
      short: 'Your order {ticketCode} for {items} is cancelled',
    },
    COLLECTED: {
      title: 'Thank you',
      text: paragraphs(
        HELLO,
        'You have collected {items} at {pickUpStore}. Thank you, and until next time.',
        'Your order: {link}',
      ),
      short: 'You have collected {items} at {pickUpStore}. Thank you',
    },
  },
};
