// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Removes an item if it is still the one whose cas token was read.
 *
 * <p>The text protocol's {@code delete} takes no token. What does the same is a {@code cas} that
 * stores an empty value which has expired already: {@code cas <key> 0 2592001 0 <token>}. More than
 * 30 days is a point in time ({@code protocol.txt}, "Expiration times"), and this one was in
 * January 1970, so the server replaces the item by one that nobody can read. Memcached takes a
 * negative number for the same, but twemproxy closes the connection over it. {@code md <key>
 * C<token>} would say it directly, but memcached before 1.6 and most proxies don't know meta
 * commands.
 */
public final class CompareAndDeleteRequest extends LineRequest {

  /** What the server did. */
  public enum Result {
    /** The item was removed. */
    DELETED,
    /** The item has changed since its token was read, and stays. */
    EXISTS,
    /** There is no such item any more. */
    NOT_FOUND
  }

  private static final String PAST = " 0 2592001 0";
  private static final byte[] STORED = ResponseLines.ascii("STORED");
  private static final byte[] EXISTS = ResponseLines.ascii("EXISTS");
  private static final byte[] NOT_FOUND = ResponseLines.ascii("NOT_FOUND");

  private final CasToken token;
  private long cas;
  private @Nullable Result result;

  public CompareAndDeleteRequest(String key, CasToken token) {
    super(key);
    this.token = token;
    this.cas = token.unique();
  }

  /** Returns what the server did. */
  public Result result() {
    requireResult();
    return Objects.requireNonNull(result);
  }

  @Override
  public void sendOver(int life) {
    cas = token.over(life);
  }

  /**
   * Returns whether it went over a connection that its token says nothing of: then the item stays,
   * whether or not it has changed.
   */
  public boolean isOutdated() {
    return cas != token.unique();
  }

  /** Takes what the server did. */
  public void answered(Result done) {
    result = done;
  }

  /** Returns the cas token to send, once it is known over which connection. */
  public long cas() {
    return cas;
  }

  @Override
  public int encodedSize() {
    return 4 + key.length() + PAST.length() + 21 + 4;
  }

  @Override
  public void encode(RequestBuffer out) {
    out.text("cas ").text(key).text(PAST).unsigned(cas).endOfLine().endOfLine();
  }

  @Override
  void read(ByteBuffer in, int end) {
    if (ResponseLines.is(in, end, STORED)) {
      result = Result.DELETED;
    } else if (ResponseLines.is(in, end, EXISTS)) {
      result = Result.EXISTS;
    } else if (ResponseLines.is(in, end, NOT_FOUND)) {
      result = Result.NOT_FOUND;
    } else if (ErrorLine.isOfServer(in, end)) {
      takeErrorLine(in, end);
    } else {
      // The command line was not understood: the empty value's line will get an answer of its own.
      throw new ProtocolException(ResponseLines.excerpt(in, end));
    }
  }
}
