// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A socket as it is. */
public final class PlainChannel extends ServerChannel {

  /** Takes a connected socket; if it throws, the socket stays open. */
  public PlainChannel(SocketChannel socket) throws IOException {
    super(socket);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return socket().read(into);
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    return socket().write(bytes);
  }

  @Override
  public String suspicion() {
    return "Perhaps it expects TLS: set the option tls=true, or write memcacheds:// in the URI";
  }

  @Override
  void sayGoodbye() {}
}
