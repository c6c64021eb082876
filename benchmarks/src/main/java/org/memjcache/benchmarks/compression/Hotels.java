// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.compression;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Values like those of an application: neither noise nor endless repetition. */
final class Hotels {

  private static final List<String> CITIES =
      List.of("Lisboa", "Porto", "Faro", "Braga", "Barcelona", "Sevilla", "Bilbao", "Girona");
  private static final List<String> WORDS =
      List.of(
          "quiet",
          "garden",
          "breakfast",
          "terrace",
          "river",
          "old",
          "town",
          "rooms",
          "view",
          "family",
          "bicycle",
          "tram",
          "beach",
          "roof",
          "pool",
          "kitchen",
          "light",
          "walk");

  private Hotels() {}

  /**
   * A hotel.
   *
   * @param id its number
   * @param city where it is
   * @param text its description
   * @param price of a night, in cents
   */
  record Hotel(long id, String city, String text, int price) implements Serializable {

    private static final long serialVersionUID = 1;

    String json() {
      return "{\"id\":%d,\"city\":\"%s\",\"text\":\"%s\",\"price\":%d.%02d}"
          .formatted(id, city, text, price / 100, price % 100);
    }
  }

  /** Returns values by their description. */
  static Map<String, Object> samples() {
    Map<String, Object> samples = new LinkedHashMap<>();
    samples.put("JSON of 2 KB", json(16));
    samples.put("JSON of 100 KB", json(850));
    samples.put("list of 850 objects, serialized", new ArrayList<>(hotels(850)));
    return samples;
  }

  private static String json(int count) {
    return hotels(count).stream().map(Hotel::json).collect(Collectors.joining(",", "[", "]"));
  }

  /** Returns the same hotels each time. */
  private static List<Hotel> hotels(int count) {
    Random random = new Random(4711);
    List<Hotel> hotels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hotels.add(
          new Hotel(
              random.nextInt(1_000_000_000),
              CITIES.get(random.nextInt(CITIES.size())),
              random
                  .ints(10, 0, WORDS.size())
                  .mapToObj(WORDS::get)
                  .collect(Collectors.joining(" ")),
              5_000 + random.nextInt(30_000)));
    }
    return hotels;
  }
}
