package org.memjcache.internal.client.connection.xmemcached;

import com.google.code.yanf4j.buffer.IoBuffer;
import java.nio.ByteBuffer;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.CommandType;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.memjcache.internal.client.binary.BinaryHeader;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestBuffer;

/**
 * Goes over a connection that speaks the binary protocol in place of a heartbeat that xmemcached
 * has made in text: a {@code Noop}.
 */
public final class BinaryHeartbeat extends Command {

  private final Command heartbeat;

  public BinaryHeartbeat(Command heartbeat) {
    super(CommandType.VERSION, heartbeat.getLatch());
    this.heartbeat = heartbeat;
    encode();
  }

  @Override
  public void encode() {
    RequestBuffer noop = new RequestBuffer(BinaryHeader.HEADER);
    BinaryHeader.header(noop, BinaryHeader.NOOP, 0, 0, 0, 0, 0);
    setIoBuffer(IoBuffer.wrap(noop.toByteArray()));
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer in) {
    BinaryHeader answer = BinaryHeader.take(in);
    if (answer == null) {
      return false;
    }
    if (answer.opcode() != BinaryHeader.NOOP || answer.bodyLength() != 0) {
      throw new ProtocolException("the answer to something else: " + answer);
    }
    heartbeat.setResult("alive");
    countDownLatch();
    return true;
  }
}
