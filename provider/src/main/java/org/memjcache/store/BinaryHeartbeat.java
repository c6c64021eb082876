package org.memjcache.store;

import com.google.code.yanf4j.buffer.IoBuffer;
import java.nio.ByteBuffer;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.CommandType;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;

/**
 * Goes over a connection that speaks the binary protocol in place of a heartbeat that xmemcached
 * has made in text: a {@code Noop}.
 */
final class BinaryHeartbeat extends Command {

  private final Command heartbeat;

  BinaryHeartbeat(Command heartbeat) {
    super(CommandType.VERSION, heartbeat.getLatch());
    this.heartbeat = heartbeat;
    encode();
  }

  @Override
  public void encode() {
    Outgoing noop = new Outgoing(BinaryPacket.HEADER);
    BinaryPacket.header(noop, BinaryPacket.NOOP, 0, 0, 0, 0, 0);
    setIoBuffer(IoBuffer.wrap(noop.toByteArray()));
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer in) {
    BinaryPacket answer = BinaryPacket.take(in);
    if (answer == null) {
      return false;
    }
    if (answer.opcode() != BinaryPacket.NOOP || answer.bodyLength() != 0) {
      throw new ProtocolException("the answer to something else: " + answer);
    }
    heartbeat.setResult("alive");
    countDownLatch();
    return true;
  }
}
