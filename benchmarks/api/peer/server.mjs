// @neo4j/graphql on Apollo Server, over the database that the service has: the peer beside which the API is measured.
//
//   NEO4J_URI=bolt://… NEO4J_USER=neo4j NEO4J_PASSWORD=… PORT=4000 node server.mjs
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { Neo4jGraphQL } from '@neo4j/graphql'
import net from 'node:net'
import neo4j from 'neo4j-driver'

// Its driver leaves Nagle's algorithm on, so that a statement may wait 40 ms for an acknowledgement: that would flatter whoever
// stands beside it. Off, as in the driver for Python.
const connect = net.connect
net.connect = (...where) => connect(...where).setNoDelay(true)

const typeDefs = `#graphql
  type Person @node @fulltext(indexes: [
    { indexName: "person_search", queryName: "people_by_text", fields: ["first_name", "last_name", "email", "phone", "city"] }
  ]) {
    id: ID!
    first_name: String
    last_name: String
    email: String
    city: String
    phone: String
    records: [SourceRecord!]! @relationship(type: "RESOLVES_TO", direction: IN)
  }
  type SourceRecord @node {
    key: String!
    source: String!
    kind: String!
    created_at: BigInt!
    identifiers: [Identifier!]! @relationship(type: "HAS_IDENTIFIER", direction: OUT, properties: "Holding")
    events: [Event!]! @relationship(type: "PERFORMED", direction: OUT)
    transactions: [Transaction!]! @relationship(type: "MADE", direction: OUT)
  }
  type Holding @relationshipProperties {
    first_seen_at: BigInt!
  }
  type Identifier @node {
    kind: String!
    value: String!
  }
  type Event @node {
    type: String!
    name: String
    occurred_at: BigInt!
  }
  type Transaction @node {
    kind: String!
    amount: Float
    currency: String
    occurred_at: BigInt!
  }
`

const { NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, PORT } = process.env
const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD))
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema()
const server = new ApolloServer({ schema })
const { url } = await startStandaloneServer(server, { listen: { port: Number(PORT), host: '127.0.0.1' } })
console.log(`ready at ${url}`)
