// Whether the network has a unit.
//
// @mode    read
// @param   id  STRING  id of a unit
// @returns one  known BOOLEAN
RETURN EXISTS { (:OrgUnit {id: $id}) } AS known
