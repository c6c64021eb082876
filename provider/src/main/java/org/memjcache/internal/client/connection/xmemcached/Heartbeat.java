package org.memjcache.internal.client.connection.xmemcached;

import java.nio.ByteBuffer;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.memjcache.internal.client.binary.BinaryHeader;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.Message;
import org.memjcache.internal.config.value.Protocol;

/**
 * A heartbeat of xmemcached's, which makes all of them in text: over a connection that speaks the
 * binary protocol a {@code Noop} goes in its place.
 */
final class Heartbeat implements Message {

  private final Command command;
  private final MemcachedTCPSession session;
  private final Protocol protocol;

  Heartbeat(Command command, MemcachedTCPSession session, Protocol protocol) {
    this.command = command;
    this.session = session;
    this.protocol = protocol;
  }

  @Override
  public RequestBuffer bytes() {
    if (protocol == Protocol.BINARY) {
      RequestBuffer noop = new RequestBuffer(BinaryHeader.HEADER);
      BinaryHeader.header(noop, BinaryHeader.NOOP, 0, 0, 0, 0, 0);
      return noop;
    }
    ByteBuffer text = command.getIoBuffer().buf().duplicate();
    byte[] bytes = new byte[text.remaining()];
    text.get(bytes);
    return new RequestBuffer(bytes.length).value(bytes);
  }

  @Override
  public boolean decode(ByteBuffer in) {
    if (protocol == Protocol.TEXT) {
      return command.decode(session, in);
    }
    BinaryHeader response = BinaryHeader.take(in);
    if (response == null) {
      return false;
    }
    if (response.opcode() != BinaryHeader.NOOP || response.bodyLength() != 0) {
      throw new ProtocolException("the response to something else: " + response);
    }
    command.setResult("alive");
    command.countDownLatch();
    return true;
  }

  @Override
  public void lose(DisconnectReason reason) {
    command.countDownLatch();
  }
}
