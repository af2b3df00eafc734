// The page of scans: a keyboard wedge types a code and Enter; every scan is one call that says what to do next.
// A scan keeps its id until it is answered, so that sending it again counts once. What was opened and what was not answered yet
// is kept in the tab, so that neither a reload nor signing in again loses a scan.
"use strict";

const element = (id) => document.getElementById(id);
const TEXTS = JSON.parse(element("texts").content.textContent);
const TOKEN = document.querySelector('meta[name="csrf-token"]').content;
const TONES = { ok: [[880, 0.09]], done: [[880, 0.09], [1320, 0.16]], info: [[660, 0.06]], stop: [[220, 0.3], [180, 0.4]] };
// Who opened the page: the cookie says somebody else as soon as the session is over.
const USER = document.cookie.match(/(?:^|; )user_id=([^;]*)/)?.[1] || "";
const RETRY_MS = 2000;
const KEPT = "ec_erp_scan";
const OVERLOADED = [429, 502, 503, 504];
const WITHOUT_QUANTITY = ["weigh", "ship"];
const LONGEST_QUANTITY = 5; // more digits in the quantity field came from a scanner

// Drawn here, in a square of 24, so that the page needs no other file.
const ICONS = {
	receive: "M12 3v10M8 9l4 4 4-4M4 14v6h16v-6",
	pick: "M4 6h2M4 12h2M4 18h2M10 6h10M10 12h10M10 18h4M16 18l2 2 4-4",
	check: "M7 4h10a2 2 0 0 1 2 2v14H5V6a2 2 0 0 1 2-2zM8 12l3 3 5-6",
	count: "M9 4L7 20M17 4l-2 16M4 9h17M3 15h17",
	move: "M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4",
	weigh: "M5 9h14l1.5 11h-17zM12 9a3 3 0 1 0-3-3M12 9a3 3 0 0 0 3-3M12 13v3",
	putback: "M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12H8",
	ship: "M2 6h12v11H2zM14 10h4l4 4v3h-8M6 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
};

// The work at hand; a scan belongs to the work in which it was made, also where another one is begun before it is answered.
let state = begun("");
let waiting = [];
let refused = [];
let shown = null;
let sending = false;
let audio = null;

function begun(task) {
	return { id: new_id(), task, document: "", context: {} };
}

function start() {
	for (const [task, [label]] of Object.entries(TEXTS.tasks)) {
		const button = make("button", label);
		button.type = "button";
		button.dataset.task = task;
		button.prepend(icon(ICONS[task]));
		button.addEventListener("click", () => choose(task));
		element("tasks").append(button);
	}
	element("back").textContent = TEXTS.back;
	element("back").addEventListener("click", leave);
	element("send").textContent = TEXTS.send;
	element("code").placeholder = TEXTS.scan;
	element("code-label").textContent = TEXTS.scan;
	element("qty-label").textContent = TEXTS.quantity;
	element("form").addEventListener("submit", read);
	document.addEventListener("keydown", catch_wedge);
	window.addEventListener("hashchange", go_to_address);
	restore();
	go_to_address();
	work_off();
}

function keep() {
	try {
		sessionStorage.setItem(KEPT, JSON.stringify({ user: USER, state, waiting, shown }));
	} catch {
		// A full or forbidden storage: the page works on without it.
	}
}

function kept() {
	try {
		return JSON.parse(sessionStorage.getItem(KEPT));
	} catch {
		return null;
	}
}

// What another user left in this tab is not theirs who signs in now.
function restore() {
	const found = kept();
	if (!found || found.user !== USER) {
		return;
	}
	waiting = found.waiting.map((entry) => (entry.work.id === found.state.id ? { ...entry, work: found.state } : entry));
	const wanted = location.hash.slice(1);
	const unfinished = found.state.document || waiting.length;
	if (TEXTS.tasks[found.state.task] && (wanted ? wanted === found.state.task : unfinished)) {
		open_work(found.state);
		if (found.shown) {
			show(found.shown, true);
		}
	}
}

// A link like /scan#receive begins that task, also on the page that is open already.
function go_to_address() {
	const wanted = location.hash.slice(1);
	if (TEXTS.tasks[wanted] && wanted !== state.task) {
		choose(wanted);
	}
}

function make(tag, text, kind) {
	const made = document.createElement(tag);
	made.textContent = text;
	if (kind) {
		made.className = kind;
	}
	return made;
}

function icon(path) {
	const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
	drawn.setAttribute("viewBox", "0 0 24 24");
	drawn.setAttribute("aria-hidden", "true");
	const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
	line.setAttribute("d", path);
	drawn.append(line);
	return drawn;
}

function choose(task) {
	open_work(begun(task));
	const [label, first] = TEXTS.tasks[task];
	show({ outcome: "info", colour: "grey", message: label, next: first, title: label, lines: [], actions: [] }, true);
	keep();
}

function open_work(work) {
	state = work;
	location.hash = work.task;
	element("tasks").hidden = true;
	element("work").hidden = false;
	element("back").hidden = false;
	element("desk").hidden = true;
	const plain_code = WITHOUT_QUANTITY.includes(work.task);
	element("qty").hidden = plain_code;
	element("qty-label").hidden = plain_code;
	element("form").classList.toggle("plain", plain_code);
	ready_sound();
	element("code").focus();
}

function leave() {
	if (state.document) {
		choose(state.task);
		return;
	}
	state = begun("");
	shown = null;
	keep();
	history.replaceState(null, "", location.pathname);
	element("tasks").hidden = false;
	element("work").hidden = true;
	element("back").hidden = true;
	element("desk").hidden = false;
	element("title").textContent = document.title.split(" · ")[0];
}

// A wedge types wherever the focus is: what is no quantity goes to the scan field.
function catch_wedge(event) {
	const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
	const here = document.activeElement;
	const elsewhere = here === element("qty") ? !/[0-9.,]/.test(event.key) : here !== element("code");
	if (state.task && typed && elsewhere && event.key !== " ") {
		element("code").focus();
	}
}

function read(event) {
	event.preventDefault();
	let code = element("code").value.trim();
	let qty = Number(element("qty").value) || 1;
	const digits = element("qty").value.trim();
	if (!code && digits.length > LONGEST_QUANTITY) {
		code = digits;
		qty = 1;
	}
	if (!code) {
		element("code").focus();
		return;
	}
	element("code").value = "";
	element("qty").value = "1";
	element("code").focus();
	enqueue("scan", { code, qty });
}

// Scans are answered in their order: the next one needs the context of the answer before.
function enqueue(method, values) {
	waiting.push({ method, values: { ...values, scan_id: new_id() }, work: state });
	keep();
	if (sending) {
		show_waiting();
	}
	work_off();
}

async function work_off() {
	if (sending) {
		return;
	}
	sending = true;
	while (waiting.length && (await send(waiting[0]).catch(fail))) {
		waiting.shift();
		keep();
	}
	sending = false;
}

function show_waiting() {
	if (element("message").dataset.offline) {
		element("next").textContent = TEXTS.waiting.replace("{0}", String(waiting.length));
	}
}

function new_id() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Tells whether the scan is done with; one that waits for its user to sign in again is not.
async function send({ method, values, work }) {
	const body = JSON.stringify({ task: work.task, document: work.document, context: work.context, ...values });
	const response = await call(`ec_erp.scanning.api.${method}`, body);
	if (response.ok) {
		take((await response.json()).message, work);
		return true;
	}
	if (response.status === 401 || (response.status === 403 && !(await is_signed_in()))) {
		ask_to_sign_in();
		return false;
	}
	say("stop", "red", TEXTS.failed.replace("{0}", String(response.status)));
	give_back(values);
	return true;
}

function ask_to_sign_in() {
	say("stop", "red", TEXTS.signed_out);
	const link = make("a", TEXTS.sign_in);
	link.href = `/login?redirect-to=${encodeURIComponent(`/scan#${state.task}`)}`;
	element("next").replaceChildren(link);
}

// What could not be read stands in the field again, selected: Enter sends it once more, the next scan takes its place.
function give_back({ code, qty }) {
	const field = element("code");
	if (code && !field.value) {
		field.value = code;
		element("qty").value = String(qty);
		field.select();
	}
}

async function call(method, body) {
	const headers = { "Content-Type": "application/json", Accept: "application/json", "X-Frappe-CSRF-Token": TOKEN };
	for (;;) {
		let response;
		try {
			response = await fetch(`/api/method/${method}`, { method: "POST", headers, body });
		} catch {
			response = null;
		}
		if (response && !OVERLOADED.includes(response.status)) {
			return response;
		}
		say("stop", "red", TEXTS.offline);
		element("message").dataset.offline = "1";
		show_waiting();
		await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
	}
}

async function is_signed_in() {
	const response = await fetch("/api/method/frappe.auth.get_logged_user", { headers: { Accept: "application/json" } });
	return response.ok;
}

function fail(error) {
	say("stop", "red", TEXTS.failed.replace("{0}", error.message));
	return true;
}

function take(answer, work) {
	if (answer.outcome !== "stop" || answer.lines.length) {
		work.document = answer.finished ? "" : answer.document;
		work.context = answer.finished ? {} : answer.context;
	}
	if (work.id === state.id) {
		show(answer, false);
	} else if (answer.outcome === "stop") {
		say("stop", "red", answer.message);
	}
}

// Where more scans wait, a refusal would be gone with the next answer: it is told again with the last one.
function with_refused(answer) {
	const told = answer.repeated ? `${answer.message} (${TEXTS.again})` : answer.message;
	if (waiting.length > 1) {
		refused = answer.outcome === "stop" ? [...refused, told] : refused;
		return answer;
	}
	const all = [...refused, told];
	refused = [];
	const bad = all.length > 1 ? { sound: "stop", colour: "red" } : {};
	return { ...answer, ...bad, message: all.join("<br>") };
}

function show(answer, silent) {
	const told = silent ? answer : with_refused(answer);
	say(silent ? "" : told.sound, told.colour, told.message);
	if (answer.outcome !== "stop" || answer.lines.length) {
		shown = answer;
	}
	element("next").textContent = answer.next;
	if (answer.title) {
		element("title").textContent = answer.title;
	}
	if (answer.outcome === "stop" && !answer.lines.length) {
		return;
	}
	element("lines").replaceChildren(...answer.lines.map(line_of));
	element("actions").replaceChildren(...answer.actions.map(action_of));
	document.querySelector("li.current")?.scrollIntoView({ block: "nearest" });
}

function line_of(line) {
	const item = make("li", "");
	const full = line.total !== null && line.done >= line.total;
	item.classList.toggle("current", line.current);
	item.classList.toggle("full", full);
	if (line.bin) {
		item.append(make("span", line.bin, "bin"));
	}
	const alone = state.task === "weigh" ? (line.done ? `${line.done} g` : "–") : `${line.done}`;
	const count = line.total === null ? alone : `${line.done} / ${line.total}`;
	item.append(make("span", line.name, "name"), make("span", count, "count"));
	if (line.hint) {
		item.append(make("span", line.hint, "hint"));
	}
	return item;
}

function action_of(action) {
	const button = make("button", TEXTS.actions[action] || action);
	button.type = "button";
	button.dataset.action = action;
	button.addEventListener("click", () => {
		enqueue("act", { action });
		element("code").focus();
	});
	return button;
}

// The server's messages are HTML-escaped; shown as text they must be plain again.
function plain(text) {
	return new DOMParser().parseFromString(text.replaceAll("<br>", "\n"), "text/html").documentElement.textContent;
}

function say(sound, colour, text) {
	const message = element("message");
	message.dataset.colour = colour;
	delete message.dataset.offline;
	message.dataset.sound = sound;
	message.textContent = plain(text);
	if (sound) {
		play(sound);
	}
}

function ready_sound() {
	if (!audio && window.AudioContext) {
		audio = new AudioContext();
	}
}

function play(sound) {
	if (navigator.vibrate && navigator.userActivation?.hasBeenActive) {
		navigator.vibrate(sound === "stop" ? [200, 80, 200] : 40);
	}
	if (!audio) {
		return;
	}
	let at = audio.currentTime;
	for (const [frequency, seconds] of TONES[sound] || []) {
		const tone = audio.createOscillator();
		tone.frequency.value = frequency;
		tone.connect(audio.destination);
		tone.start(at);
		tone.stop(at + seconds);
		at += seconds + 0.03;
	}
}

start();
