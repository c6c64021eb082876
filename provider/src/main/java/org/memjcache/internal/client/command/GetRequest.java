// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.RequestFailedException.Kind;

/** {@code get} or {@code gets} of one or more keys. */
public final class GetRequest extends Request {

  private static final byte[] END = ResponseLines.ascii("END");
  private static final @Nullable Item[] NONE = {};

  private static final String NO_TOKENS =
      "no cas token, without which another client's change of the same entry would be overwritten;"
          + " start it without the option -C";

  private final List<String> keys;
  private final boolean withCas;
  private int life;
  private @Nullable ValuesParser parser;
  private @Nullable Item[] items = NONE;

  /**
   * Creates a request.
   *
   * @param keys the keys to read from one server, at least one; the list must not change later
   * @param withCas whether the cas token of each item is wanted ({@code gets})
   */
  public GetRequest(List<String> keys, boolean withCas) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("No key to get");
    }
    for (int i = 0; i < keys.size(); i++) {
      requireKey(keys.get(i));
    }
    this.keys = keys;
    this.withCas = withCas;
  }

  /** Returns the item of the key at this position of the list, null if the server has none. */
  public @Nullable Item item(int index) {
    if (isLost(index)) {
      requireResult();
    }
    return items[index];
  }

  /**
   * Returns whether there is no telling what the server has. With a proxy, that may be so for some
   * of the keys only: the server behind it that has them is away.
   */
  public boolean isLost(int index) {
    Kind failure = failureKind();
    if (failure == null) {
      return !isCompleted();
    }
    boolean partial = failure == Kind.BACKEND_DOWN;
    return !partial || index >= items.length || items[index] == null;
  }

  /** Returns the item of one of the keys that were asked for, null if the server has none. */
  public @Nullable Item item(String key) {
    int index = keys.indexOf(key);
    if (index < 0) {
      throw new IllegalArgumentException("This key was not asked for: " + key);
    }
    return item(index);
  }

  @Override
  public void sendOver(int ofConnection) {
    life = ofConnection;
  }

  /** Returns the life of the server that this was sent to. */
  public int life() {
    return life;
  }

  @Override
  public int encodedSize() {
    return lineSize(keys, withCas);
  }

  @Override
  public void encode(RequestBuffer out) {
    encodeLine(out, keys, withCas);
  }

  /** Returns how many bytes {@link #encodeLine} appends. */
  public static int lineSize(List<String> keys, boolean withCas) {
    int size = withCas ? 6 : 5;
    for (int i = 0; i < keys.size(); i++) {
      size += 1 + keys.get(i).length();
    }
    return size;
  }

  /** Appends the line that asks for these keys. */
  public static void encodeLine(RequestBuffer out, List<String> keys, boolean withCas) {
    out.text(withCas ? "gets" : "get");
    for (int i = 0; i < keys.size(); i++) {
      out.text(" ").text(keys.get(i));
    }
    out.endOfLine();
  }

  @Override
  public boolean decode(ByteBuffer in) {
    if (parser == null) {
      parser = new ValuesParser(keys, withCas, life);
    }
    int end = parser.read(in);
    if (end < 0) {
      return false;
    }
    for (int i = 0; parser.hasErrors() && i < keys.size(); i++) {
      takeErrorOfKey(parser.error(i));
    }
    take(parser.items());
    finish(in, end);
    in.position(end + 1);
    return true;
  }

  public List<String> keys() {
    return keys;
  }

  public boolean isWithCas() {
    return withCas;
  }

  /**
   * Takes the items by the positions of their keys, null for those that the server does not have.
   */
  public void take(@Nullable Item[] found) {
    items = found;
    for (int i = 0; withCas && i < found.length; i++) {
      Item item = found[i];
      if (item != null && !item.token().isDistinct()) {
        refusedWith(NO_TOKENS);
      }
    }
  }

  /** Takes the error that was answered in place of one of the items, unless that is null. */
  public void takeErrorOfKey(@Nullable String error) {
    if (error != null) {
      refusedWith(ErrorLine.graver(refusal(), error));
    }
  }

  /**
   * Checks the last line of an answer.
   *
   * @param end the position of the line's LF
   * @throws ProtocolException if it is neither {@code END} nor an error
   */
  public static void requireEnd(ByteBuffer in, int end) {
    if (!ResponseLines.is(in, end, END)) {
      ErrorLine.require(in, end);
    }
  }

  /**
   * Reads the last line of the answer, but leaves it in the buffer.
   *
   * @param end the position of the line's LF
   * @throws ProtocolException if it is neither {@code END} nor an error
   */
  public void finish(ByteBuffer in, int end) {
    if (!ResponseLines.is(in, end, END)) {
      takeErrorLine(in, end);
    }
  }
}
