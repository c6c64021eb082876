// SPDX-License-Identifier: Apache-2.0
package org.memjcache.jackson;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Values as applications have them. */
final class Values {

  enum Kind {
    INN,
    PALACE {
      @Override
      public String toString() {
        return "a palace";
      }
    }
  }

  record Room(int number, Kind kind) {}

  record Hotel(
      String name,
      Kind kind,
      Instant opened,
      Duration stay,
      List<Room> rooms,
      Set<String> tags,
      Map<Integer, Room> byFloor) {

    static Hotel of(String name) {
      return new Hotel(
          name,
          Kind.PALACE,
          Instant.parse("1892-04-01T10:00:00.123456789Z"),
          Duration.ofMinutes(90),
          List.of(new Room(1, Kind.INN), new Room(2, Kind.PALACE)),
          Set.of("spa", "pool", "bar", "lift"),
          Map.of(3, new Room(301, Kind.INN)));
    }
  }

  /** With a property that may hold anything. */
  record Note(String title, Object content) {}

  /** A bean with a property that is computed. */
  public static class Guest {
    private String name = "";

    public String getName() {
      return name;
    }

    public void setName(String name) {
      this.name = name;
    }

    public int getLength() {
      return name.length();
    }

    @Override
    public boolean equals(Object o) {
      return o != null && o.getClass() == getClass() && ((Guest) o).name.equals(name);
    }

    @Override
    public int hashCode() {
      return Objects.hash(name);
    }
  }

  public static class LoyalGuest extends Guest {
    public int points;
  }

  record Booking(Guest guest) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({@JsonSubTypes.Type(value = Card.class, name = "card")})
  interface Payment {}

  record Card(String number) implements Payment {}

  /** As careless applications have it. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
  interface Vehicle {}

  record Car(int doors) implements Vehicle {}

  record Paid(Payment payment) {}

  private Values() {}
}
