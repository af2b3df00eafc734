/**
 * What the server tells by itself: that documents, lists or notices changed. The connection is made with the first listener
 * and in the background; without it everything works, only not by itself.
 * Invariant: a listener that was removed hears nothing more; rooms are joined anew after every reconnection.
 */
import type { Boot } from '@/core/boot';

interface Room { count: number; enter: readonly unknown[]; leave: readonly unknown[] }
type Listener = (message: Record<string, unknown>) => void;
interface Socket { on(event: string, run: (...args: never[]) => void): unknown; emit(event: string, ...args: unknown[]): unknown; connected: boolean }

export class Realtime {
  private socket: Socket | null = null;
  private starting: Promise<void> | null = null;
  private readonly listeners = new Map<string, Set<Listener>>();
  /** Who is in a room: how many listeners, and what is said to enter and to leave it. */
  private readonly rooms = new Map<string, Room>();

  constructor(private readonly boot: Pick<Boot, 'socketio_port' | 'sitename'>, private readonly connect: (url: string) => Promise<Socket> = connectSocket) {}

  /** Hears an event; the answer ends it. */
  on(event: string, listener: Listener): () => void {
    const known = this.listeners.get(event);
    if (known) known.add(listener);
    else {
      this.listeners.set(event, new Set([listener]));
      this.socket?.on(event, (message: never) => this.tell(event, message));
    }
    void this.start();
    return () => void this.listeners.get(event)?.delete(listener);
  }

  /** Asks for the changes of a DocType's documents; the answer ends it. */
  watchDoctype(doctype: string): () => void {
    return this.join({ count: 0, enter: ['doctype_subscribe', doctype], leave: ['doctype_unsubscribe', doctype] });
  }

  /** Asks for what is told to those who look at a document; the answer ends it. */
  watchDocument(doctype: string, name: string): () => void {
    return this.join({ count: 0, enter: ['doc_subscribe', doctype, name], leave: ['doc_unsubscribe', doctype, name] });
  }

  /** Asks for what a task of the server tells; the answer ends it. */
  watchTask(id: string): () => void {
    return this.join({ count: 0, enter: ['task_subscribe', id], leave: ['task_unsubscribe', id] });
  }

  /** Says something to the server, once there is a connection. */
  emit(event: string, ...args: unknown[]): void {
    void this.start().then(() => this.socket?.emit(event, ...args));
  }

  private join(wanted: Room): () => void {
    const key = wanted.enter.join('\n');
    const room = this.rooms.get(key) ?? wanted;
    this.rooms.set(key, room);
    room.count += 1;
    if (this.socket?.connected && room.count === 1) this.say(room.enter);
    void this.start();
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      room.count -= 1;
      if (room.count > 0) return;
      this.rooms.delete(key);
      this.say(room.leave);
    };
  }

  private say([event, ...args]: readonly unknown[]): void {
    this.socket?.emit(String(event), ...args);
  }

  /** Whether the server can be heard at this moment. */
  get isConnected(): boolean {
    return Boolean(this.socket?.connected);
  }

  private tell(event: string, message: unknown): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener((message ?? {}) as Record<string, unknown>);
  }

  private start(): Promise<void> {
    return (this.starting ??= this.open());
  }

  private async open(): Promise<void> {
    const { socketio_port: port, sitename } = this.boot;
    if (!port) return;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    try {
      this.socket = await this.connect(`${scheme}://${location.hostname}:${port}/${sitename}`);
    } catch {
      // Lists then show what has changed at the next reload.
      return;
    }
    this.socket.on('connect', () => this.rooms.forEach(({ enter }) => this.say(enter)));
    for (const event of this.listeners.keys()) this.socket.on(event, (message: never) => this.tell(event, message));
  }
}

async function connectSocket(url: string): Promise<Socket> {
  const { io } = await import('socket.io-client');
  return io(url, { transports: ['websocket'], withCredentials: true, reconnectionDelay: 2000, reconnectionDelayMax: 60_000, reconnectionAttempts: 20 }) as unknown as Socket;
}
