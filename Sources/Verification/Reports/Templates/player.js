// Sounds that lie in the page start at one moment of one clock; switching changes gains in 5 ms ramps.
const rampSeconds = 0.005;
let sharedContext = null;
const audioContext = () => sharedContext || (sharedContext = new AudioContext());

class BufferEngine {
  constructor(sources) { this.sources = sources; this.nodes = []; this.offset = 0; this.startedAt = null; this.loops = false; }
  async prepare() {
    if (this.buffers) return;
    const bytes = this.sources.map((url) => Uint8Array.from(atob(url.slice(url.indexOf(",") + 1)), (c) => c.charCodeAt(0)));
    this.buffers = await Promise.all(bytes.map((one) => audioContext().decodeAudioData(one.buffer)));
    this.duration = Math.max(...this.buffers.map((buffer) => buffer.duration));
  }
  async play(gains) {
    await audioContext().resume();
    const start = audioContext().currentTime + 0.03;
    this.nodes = this.buffers.map((buffer, index) => {
      const source = new AudioBufferSourceNode(audioContext(), { buffer, loop: this.loops, loopEnd: this.duration });
      const gain = new GainNode(audioContext(), { gain: gains[index] });
      source.connect(gain).connect(audioContext().destination);
      source.start(start, Math.min(this.offset, buffer.duration));
      return { source, gain };
    });
    this.startedAt = start;
  }
  stop() {
    this.offset = this.position();
    for (const { source } of this.nodes) source.stop();
    this.nodes = []; this.startedAt = null;
  }
  mix(gains) {
    const now = audioContext().currentTime;
    this.nodes.forEach(({ gain }, index) => {
      gain.gain.cancelScheduledValues(now);
      gain.gain.setValueAtTime(gain.gain.value, now);
      gain.gain.linearRampToValueAtTime(gains[index], now + rampSeconds);
    });
  }
  position() {
    if (this.startedAt === null) return this.offset;
    const passed = this.offset + Math.max(0, audioContext().currentTime - this.startedAt);
    return this.loops ? passed % this.duration : Math.min(passed, this.duration);
  }
  seek(seconds) { this.offset = seconds; }
}

// Files beside the report: a page from disk may play them but not read them, so elements run side by side.
class ElementEngine {
  constructor(sources, seconds) {
    this.duration = seconds; this.offset = 0; this.loops = false; this.isPlaying = false;
    this.elements = sources.map((source) => new Audio(source));
  }
  async prepare() {
    await Promise.all(this.elements.map((one) => new Promise((done, fail) => {
      if (one.readyState >= 1) return done();
      one.onloadedmetadata = done;
      one.onerror = () => fail(new Error(`${decodeURI(one.src.split("/").pop())} is not beside the report.`));
      one.load();
    })));
    this.duration = Math.max(...this.elements.map((one) => one.duration));
  }
  async play(gains) {
    this.mix(gains);
    for (const one of this.elements) { one.loop = this.loops; one.currentTime = this.offset; }
    this.isPlaying = true;
    await Promise.all(this.elements.map((one) => one.play()));
  }
  stop() { this.offset = this.position(); this.isPlaying = false; for (const one of this.elements) one.pause(); }
  mix(gains) { this.elements.forEach((one, index) => { one.volume = Math.min(1, gains[index]); }); }
  position() { return this.isPlaying ? this.elements[0].currentTime : this.offset; }
  seek(seconds) { this.offset = seconds; }
}

class Player {
  constructor(card) {
    this.card = card;
    this.figures = [...card.querySelectorAll(".version")];
    const sources = this.figures.map((figure) => figure.querySelector("audio").getAttribute("src"));
    const seconds = Number(card.querySelector(".player").dataset.seconds) || 1;
    this.engine = sources.every((source) => source.startsWith("data:")) ? new BufferEngine(sources) : new ElementEngine(sources, seconds);
    this.engine.duration = seconds;
    this.names = this.figures.map((figure) => figure.dataset.title);
    this.order = this.figures.map((_, index) => index);
    this.current = 0; this.isMatched = true; this.isPlaying = false;
    this.build();
    this.addHeads();
    this.show();
  }
  build() {
    const host = this.card.querySelector(".player");
    this.playButton = element("button", { type: "button", className: "play", onclick: () => this.toggle() }, "▶ Play");
    this.slider = element("input", { type: "range", min: 0, max: this.engine.duration, step: 0.01, value: 0, "aria-label": "Position", oninput: () => this.seek(Number(this.slider.value)) });
    this.time = element("span", { className: "faint number" });
    this.matchButton = element("button", { type: "button", onclick: () => this.match(!this.isMatched) }, "Level match");
    this.loopButton = element("button", { type: "button", onclick: () => this.loop(!this.engine.loops) }, "Loop");
    this.blindButton = element("button", { type: "button", onclick: () => toggleBlind(this) }, "Blind");
    this.choices = element("span", { className: "controls", role: "group", "aria-label": "Version" });
    this.votes = element("div", { className: "controls" });
    host.append(
      element("div", { className: "controls" }, this.playButton, this.slider, this.time, this.matchButton, this.loopButton, this.blindButton),
      this.choices, this.votes);
    if (this.engine instanceof ElementEngine) host.append(element("p", { className: "faint" }, "These sounds lie beside the report: switching is not sample-exact."));
    this.label();
  }
  // Buttons in the order of this.order, with the names in force.
  label() {
    this.choices.replaceChildren(...this.order.map((index, place) =>
      element("button", { type: "button", onclick: () => this.choose(index) }, `${place + 1} ${this.names[index]}`)));
    this.show();
  }
  addHeads() {
    this.heads = [];
    for (const picture of this.card.querySelectorAll(".picture")) {
      const head = element("span", { className: "head" });
      picture.append(head);
      this.heads.push(head);
      const index = this.figures.indexOf(picture.closest(".version"));
      picture.addEventListener("click", (event) => {
        this.choose(index);
        this.seek((event.offsetX / picture.clientWidth) * this.engine.duration);
      });
    }
  }
  gains() {
    return this.figures.map((figure, index) =>
      index !== this.current ? 0 : this.isMatched ? 10 ** (Number(figure.dataset.gain) / 20) : 1);
  }
  async toggle() {
    Player.active = this;
    if (this.isPlaying) return this.pause();
    try {
      await this.engine.prepare();
      for (const other of Player.all) if (other !== this && other.isPlaying) other.pause();
      if (this.engine.position() >= this.engine.duration - 0.02) this.engine.seek(0);
      this.slider.max = this.engine.duration;
      await this.engine.play(this.gains());
      this.isPlaying = true;
      this.show();
      this.follow();
    } catch (error) { say(error.message); this.time.textContent = error.message; }
  }
  pause() { this.engine.stop(); this.isPlaying = false; this.show(); }
  choose(index) {
    if (index < 0 || index >= this.figures.length) return;
    Player.active = this;
    this.current = index;
    if (this.isPlaying) this.engine.mix(this.gains());
    if (!this.isBlind) writeAddress(this.card.dataset.row, [this.figures[index].dataset.slug, ...this.others(index)]);
    this.show();
  }
  others(index) { return this.figures.filter((_, other) => other !== index).map((figure) => figure.dataset.slug); }
  async seek(seconds) {
    const wasPlaying = this.isPlaying;
    if (wasPlaying) this.engine.stop();
    this.engine.seek(Math.min(Math.max(seconds, 0), this.engine.duration));
    if (wasPlaying) await this.engine.play(this.gains());
    this.show();
  }
  match(isOn) { this.isMatched = isOn; if (this.isPlaying) this.engine.mix(this.gains()); this.show(); }
  async loop(isOn) {
    const at = this.engine.position();
    this.engine.loops = isOn;
    await this.seek(at);
  }
  follow() {
    if (!this.isPlaying) return;
    if (!this.engine.loops && this.engine.position() >= this.engine.duration - 0.01) { this.pause(); this.engine.seek(this.engine.duration); }
    this.show();
    if (isStill) setTimeout(() => this.follow(), 250); else requestAnimationFrame(() => this.follow());
  }
  show() {
    const at = this.engine.position();
    if (!this.slider.matches(":active")) this.slider.value = at;
    this.time.textContent = `${clock(at)} of ${clock(this.engine.duration)}`;
    for (const head of this.heads || []) head.style.left = `${(at / this.engine.duration) * 100}%`;
    const label = this.isPlaying ? "⏸ Pause" : "▶ Play";
    if (this.playButton.textContent !== label) this.playButton.textContent = label;
    const gain = this.isBlind ? "on" : `${this.figures[this.current].dataset.gain} dB`;
    this.matchButton.textContent = `Level match ${this.isMatched ? gain : "off"}`;
    this.matchButton.setAttribute("aria-pressed", this.isMatched);
    this.loopButton.setAttribute("aria-pressed", this.engine.loops);
    this.blindButton.setAttribute("aria-pressed", Boolean(this.isBlind));
    [...this.choices.children].forEach((button, place) => button.setAttribute("aria-pressed", this.order[place] === this.current));
    this.figures.forEach((figure, index) => figure.classList.toggle("on", index === this.current && !this.isBlind));
  }
}
Player.all = [];
Player.active = null;

// Players are made when their card opens: a page of many segments stays light.
function enhance(card) {
  if (card.player || !card.querySelector(".version")) return;
  card.player = new Player(card);
  Player.all.push(card.player);
  if (!Player.active) Player.active = card.player;
}

document.addEventListener("keydown", (event) => {
  const player = (event.target.closest && event.target.closest(".segment") || {}).player || Player.active;
  if (!player || event.ctrlKey || event.metaKey || event.altKey) return;
  const name = event.target.tagName;
  if (name === "SELECT" || name === "TEXTAREA" || (name === "INPUT" && event.target.type !== "range")) return;
  const actions = { m: () => player.match(!player.isMatched), b: () => toggleBlind(player) };
  if (name !== "BUTTON" && name !== "SUMMARY" && name !== "A") actions[" "] = () => player.toggle();
  if (name !== "INPUT") {
    actions.ArrowLeft = () => player.seek(player.engine.position() - 0.5);
    actions.ArrowRight = () => player.seek(player.engine.position() + 0.5);
  }
  const place = Number(event.key) - 1;
  const action = place >= 0 && place < player.order.length ? () => player.choose(player.order[place]) : actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
