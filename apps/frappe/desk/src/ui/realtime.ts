/**
 * What the server tells by itself: that documents, lists or notices changed. The connection is made with the first listener
 * and in the background; without it everything works, only not by itself.
 * Invariant: a listener that was removed hears nothing more; rooms are joined anew after every reconnection.
 */
import type { Boot } from '@/core/boot';

type Listener = (message: Record<string, unknown>) => void;
interface Socket { on(event: string, run: (...args: never[]) => void): unknown; emit(event: string, ...args: unknown[]): unknown; connected: boolean }

export class Realtime {
  private socket: Socket | null = null;
  private starting: Promise<void> | null = null;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly rooms = new Map<string, number>();

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
    this.rooms.set(doctype, (this.rooms.get(doctype) ?? 0) + 1);
    if (this.socket?.connected) this.socket.emit('doctype_subscribe', doctype);
    void this.start();
    return () => {
      const left = (this.rooms.get(doctype) ?? 1) - 1;
      if (left > 0) return void this.rooms.set(doctype, left);
      this.rooms.delete(doctype);
      this.socket?.emit('doctype_unsubscribe', doctype);
    };
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
    this.socket.on('connect', () => this.rooms.forEach((_count, doctype) => this.socket!.emit('doctype_subscribe', doctype)));
    for (const event of this.listeners.keys()) this.socket.on(event, (message: never) => this.tell(event, message));
  }
}

async function connectSocket(url: string): Promise<Socket> {
  const { io } = await import('socket.io-client');
  return io(url, { transports: ['websocket'], withCredentials: true, reconnectionDelay: 2000, reconnectionDelayMax: 60_000, reconnectionAttempts: 20 }) as unknown as Socket;
}
