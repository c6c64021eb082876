// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.output;

/**
 * A column of a table.
 *
 * @param key its name in JSON and CSV
 * @param title its title for people
 * @param kind what its cells are
 */
public record Column(String key, String title, Kind kind) {

  /** What cells are. A cell of any kind may be null: nothing is known, or there is none. */
  public enum Kind {
    /** A text, or a list of texts. */
    TEXT,
    /** A whole number. */
    COUNT,
    /** A number of bytes. */
    BYTES,
    /** A part of 1. */
    SHARE,
    /** A number of seconds. */
    SECONDS,
    /** A number for each second. */
    RATE
  }

  /** Returns a column of texts. */
  public static Column text(String key, String title) {
    return new Column(key, title, Kind.TEXT);
  }

  /** Returns a column of whole numbers. */
  public static Column count(String key, String title) {
    return new Column(key, title, Kind.COUNT);
  }

  /** Returns a column of numbers of bytes. */
  public static Column bytes(String key, String title) {
    return new Column(key, title, Kind.BYTES);
  }

  /** Returns a column of parts of 1, shown as percentages. */
  public static Column share(String key, String title) {
    return new Column(key, title, Kind.SHARE);
  }

  /** Returns a column of durations in seconds. */
  public static Column seconds(String key, String title) {
    return new Column(key, title, Kind.SECONDS);
  }

  /** Returns a column of numbers for each second. */
  public static Column rate(String key, String title) {
    return new Column(key, title, Kind.RATE);
  }

  boolean isNumber() {
    return kind != Kind.TEXT;
  }
}
