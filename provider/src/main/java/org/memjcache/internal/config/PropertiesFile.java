// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.memjcache.internal.text.ErrorText.invalid;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.text.ErrorText;
import org.memjcache.internal.text.PercentCoding;

/**
 * Reads the properties file that a manager's URI is the location of, as {@link
 * Properties#load(java.io.Reader)} does, and remembers the lines. Other than there, a name that
 * stands twice is refused, because one of the two would be lost without a word, and a property
 * without a name is left out. Stateless.
 */
final class PropertiesFile {

  /** One property of a file; its place is for errors. */
  record Property(String name, String value, String place) {

    /** Returns name and place, without the value, which may be secret. */
    @Override
    public String toString() {
      return ErrorText.of(name) + " in " + place;
    }
  }

  private static final int MAX_BYTES = 1 << 20;

  private PropertiesFile() {}

  /** Returns the properties of the file that a URI is the location of, in its order. */
  static List<Property> read(URI uri, ClassLookup classes) {
    List<Property> properties = parse(text(url(uri, classes)), ParsedUri.shownLocation(uri));
    if (properties.stream().noneMatch(one -> one.name().startsWith(Option.PREFIX))) {
      throw invalid(
          "the file has no property whose name begins with '%s'; expected a property such as"
              + " %sservers=cache1:11211",
          Option.PREFIX, Option.PREFIX);
    }
    return properties;
  }

  private static URL url(URI uri, ClassLookup classes) {
    if (uri.getScheme().toLowerCase(Locale.ROOT).equals(ParsedUri.CLASSPATH)) {
      return resource(uri, classes);
    }
    try {
      return uri.toURL();
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw invalid("not a location: %s; expected %s", e.getMessage(), ParsedUri.FILE_FORM);
    }
  }

  private static URL resource(URI uri, ClassLookup classes) {
    String name = PercentCoding.decode(uri.getRawSchemeSpecificPart()).replaceFirst("^/+", "");
    URL found = classes.resource(name);
    if (found == null) {
      throw invalid("no resource %s was found, %s", ErrorText.of(name), classes);
    }
    return found;
  }

  private static String text(URL url) {
    try {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false); // or a jar file would stay open
      try (InputStream in = connection.getInputStream()) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw invalid("the file is longer than %s bytes, which no configuration is", MAX_BYTES);
        }
        String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith("\ufeff") ? text.substring(1) : text; // the mark of some editors
      }
    } catch (CharacterCodingException e) {
      throw invalid(
          "the file is not valid UTF-8; save it as UTF-8, or write other characters than ASCII as"
              + " \\uXXXX");
    } catch (IOException e) {
      throw invalid(
          "the file can't be read: %s; expected %s",
          ErrorText.of(e.toString()), ParsedUri.FILE_FORM);
    }
  }

  /** Returns the properties in their order; an error names the line. */
  static List<Property> parse(String text, String file) {
    List<Property> properties = new ArrayList<>();
    Map<String, Integer> lineOf = new HashMap<>();
    String[] lines = text.split("\r\n|[\r\n]", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].matches("(?s)[ \t\f]*([#!].*)?")) {
        continue;
      }
      int line = i + 1;
      StringBuilder logical = new StringBuilder(lines[i]);
      while (isContinued(lines[i]) && i + 1 < lines.length) {
        i++;
        logical.append('\n').append(lines[i]);
      }
      String place = "line " + line + " of " + file;
      Properties loaded = load(logical.toString(), place);
      for (String name : loaded.stringPropertyNames()) {
        Integer earlier = lineOf.putIfAbsent(name, line);
        if (earlier != null) {
          throw invalid(
              "property %s stands twice, in lines %s and %s of %s; give it once",
              ErrorText.of(name), earlier, line, file);
        }
        properties.add(new Property(name, loaded.getProperty(name), place));
      }
    }
    return properties;
  }

  /** Returns whether the line ends in a backslash that isn't escaped by another one. */
  private static boolean isContinued(String line) {
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == '\\') {
      end--;
    }
    return (line.length() - end) % 2 == 1;
  }

  private static Properties load(String logicalLine, String place) {
    Properties one = new Properties();
    try {
      one.load(new StringReader(logicalLine));
    } catch (IllegalArgumentException | IOException e) {
      throw invalid(
          "a \\u is not followed by four hexadecimal digits in %s; write \\\\u if a backslash is"
              + " meant",
          place);
    }
    one.remove("");
    return one;
  }
}
