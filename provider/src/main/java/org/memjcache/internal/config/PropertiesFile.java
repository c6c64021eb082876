package org.memjcache.internal.config;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;
import org.memjcache.internal.text.PercentCoding;

/**
 * Reads the properties file that a manager's URI is the location of.
 *
 * <p>Takes the text of a properties file apart as {@link Properties#load(java.io.Reader)} does, and
 * remembers the lines. Other than there, a name that stands twice is refused, because one of the
 * two would be lost without a word, and a property without a name is left out.
 */
final class PropertiesFile {

  /**
   * One property of a file.
   *
   * @param place file and line, for errors
   */
  record Property(String name, String value, String place) {

    /** Returns name and place, without the value, which may be secret. */
    @Override
    public String toString() {
      return ErrorText.of(name) + " in " + place;
    }
  }

  private static final int MAX_BYTES = 1 << 20;

  private PropertiesFile() {}

  /**
   * Returns the properties of the file that a URI is the location of, in its order.
   *
   * @param loader where {@code classpath:} looks first, before the thread's context class loader;
   *     null for that only
   * @throws InvalidConfigurationException if it isn't there, can't be read, is not valid UTF-8 or
   *     no properties file, or has no property of ours
   */
  static List<Property> read(URI uri, @Nullable ClassLoader loader) {
    List<Property> properties = parse(text(uri, loader), ParsedUri.shownLocation(uri));
    if (properties.stream().noneMatch(one -> one.name().startsWith(Option.PREFIX))) {
      throw new InvalidConfigurationException(
          "the file has no property whose name begins with '"
              + Option.PREFIX
              + "'; expected a property such as "
              + Option.PREFIX
              + "servers=cache1:11211");
    }
    return properties;
  }

  private static String text(URI uri, @Nullable ClassLoader loader) {
    byte[] bytes = bytes(url(uri, loader));
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text; // the mark of some editors
    } catch (CharacterCodingException e) {
      throw new InvalidConfigurationException(
          "the file is not valid UTF-8; save it as UTF-8, or write other characters than ASCII as"
              + " \\uXXXX");
    }
  }

  private static byte[] bytes(URL url) {
    try {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false); // or a jar file would stay open
      try (InputStream in = connection.getInputStream()) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new InvalidConfigurationException(
              "the file is longer than " + MAX_BYTES + " bytes, which no configuration is");
        }
        return bytes;
      }
    } catch (IOException e) {
      throw new InvalidConfigurationException(
          "the file can't be read: "
              + ErrorText.of(e.toString())
              + "; expected "
              + ParsedUri.FILE_FORM);
    }
  }

  private static URL url(URI uri, @Nullable ClassLoader loader) {
    if (ParsedUri.CLASSPATH.equals(uri.getScheme().toLowerCase(Locale.ROOT))) {
      return resource(uri, loader);
    }
    try {
      return uri.toURL();
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw new InvalidConfigurationException(
          "not a location: " + e.getMessage() + "; expected " + ParsedUri.FILE_FORM);
    }
  }

  private static URL resource(URI uri, @Nullable ClassLoader loader) {
    String name = PercentCoding.decode(uri.getRawSchemeSpecificPart()).replaceFirst("^/+", "");
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    URL found = loader == null ? null : loader.getResource(name);
    if (found == null && context != null) {
      found = context.getResource(name);
    }
    if (found == null) {
      throw new InvalidConfigurationException(
          "no resource "
              + ErrorText.of(name)
              + " was found, neither by the cache manager's class loader "
              + loader
              + " nor by the thread's context class loader "
              + context);
    }
    return found;
  }

  /**
   * Returns the properties in their order.
   *
   * @param text the file, decoded
   * @throws InvalidConfigurationException for a name that stands twice, and for a backslash and u
   *     that four hexadecimal digits don't follow; names the line
   */
  static List<Property> parse(String text, String file) {
    List<Property> properties = new ArrayList<>();
    Map<String, Integer> lineOf = new HashMap<>();
    String[] lines = text.split("\r\n|[\r\n]", -1);
    for (int i = 0; i < lines.length; i++) {
      if (isBlankOrComment(lines[i])) {
        continue;
      }
      int line = i + 1;
      StringBuilder logical = new StringBuilder(lines[i]);
      while (isContinued(lines[i]) && i + 1 < lines.length) {
        i++;
        logical.append('\n').append(lines[i]);
      }
      String place = "line " + line + " of " + file;
      Property property = property(logical.toString(), place).orElse(null);
      if (property == null) {
        continue;
      }
      Integer earlier = lineOf.putIfAbsent(property.name(), line);
      if (earlier != null) {
        throw new InvalidConfigurationException(
            "property "
                + ErrorText.of(property.name())
                + " stands twice, in lines "
                + earlier
                + " and "
                + line
                + " of "
                + file
                + "; give it once");
      }
      properties.add(property);
    }
    return properties;
  }

  private static boolean isBlankOrComment(String line) {
    String content = line.replaceFirst("^[ \t\f]+", "");
    return content.isEmpty() || content.startsWith("#") || content.startsWith("!");
  }

  /** Returns whether the line ends in a backslash that isn't escaped by another one. */
  private static boolean isContinued(String line) {
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == '\\') {
      end--;
    }
    return (line.length() - end) % 2 == 1;
  }

  private static Optional<Property> property(String logicalLine, String place) {
    Properties one = new Properties();
    try {
      one.load(new StringReader(logicalLine));
    } catch (IllegalArgumentException | IOException e) {
      throw new InvalidConfigurationException(
          "a \\u is not followed by four hexadecimal digits in "
              + place
              + "; write \\\\u if a backslash is meant");
    }
    return one.stringPropertyNames().stream()
        .filter(name -> !name.isEmpty())
        .map(name -> new Property(name, one.getProperty(name), place))
        .findFirst();
  }
}
