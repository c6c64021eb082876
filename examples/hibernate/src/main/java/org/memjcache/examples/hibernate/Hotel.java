// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.NaturalIdCache;

/** A hotel. It is cached, and so are its list of rooms and the mapping from codes to hotels. */
@Entity
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
@NaturalIdCache
public class Hotel {

  @Id private long id;

  @NaturalId(mutable = true)
  private String code;

  private String name;

  @OneToMany(mappedBy = "hotel", cascade = CascadeType.ALL)
  @OrderBy("number")
  @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
  private List<Room> rooms = new ArrayList<>();

  @Version private int version;

  /** For Hibernate, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  protected Hotel() {}

  Hotel(long id, String code, String name) {
    this.id = id;
    this.code = code;
    this.name = name;
  }

  long getId() {
    return id;
  }

  String getCode() {
    return code;
  }

  void setCode(String code) {
    this.code = code;
  }

  String getName() {
    return name;
  }

  void setName(String name) {
    this.name = name;
  }

  List<Room> getRooms() {
    return Collections.unmodifiableList(rooms);
  }

  void addRoom(long number, int beds) {
    rooms.add(new Room(this, number, beds));
  }

  int getVersion() {
    return version;
  }
}
