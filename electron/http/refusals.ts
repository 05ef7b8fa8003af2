import { errorStatus, type Problem } from '../../shared/problems'

/** What a Problem is answered as over REST. */
export const errorBody = (problem: Problem) => ({
  defined: true,
  code: problem.code,
  status: errorStatus[problem.code],
  message: problem.message,
  data: { problem: problem.id, params: problem.params, hint: problem.hint },
})

/** A Problem as a REST answer, for what is refused before any procedure is reached. */
export const problemResponse = (problem: Problem): Response =>
  Response.json(errorBody(problem), {
    status: errorStatus[problem.code],
    headers: problem.id === 'http.wrong-method' ? { allow: String(problem.params['allowed'] ?? '') } : {},
  })
