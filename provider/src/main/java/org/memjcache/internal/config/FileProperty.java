package org.memjcache.internal.config;

import org.memjcache.internal.text.ErrorText;

/**
 * One property of a file.
 *
 * @param name decoded
 * @param value decoded
 * @param place file and line, for errors
 */
record FileProperty(String name, String value, String place) {

  /** Returns name and place, without the value, which may be secret. */
  @Override
  public String toString() {
    return ErrorText.of(name) + " in " + place;
  }
}
