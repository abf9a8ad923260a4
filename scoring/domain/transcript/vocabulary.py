"""Words of speaker labels, in the form that `label_key` gives: lower case, single spaces, no dots.

These are tables to add to. A word belongs in `NOT_A_SPEAKER` when a line of speech or of a note often begins with it
and a colon (“Pain: …”, “Plan: …”); a name that stands there by mistake is lost to the turn above.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.replace("\n", ",").split(",") if word.strip())


STUDENT_WORDS = _words("""
    student, doctor, dr, d, s, examinee, interviewer, candidate, trainee, learner, resident, intern, presenter
    medical student, med student, student doctor, doctor student, stu, doc, physician, clinician, gp, provider
    nurse student, student nurse, pa student, health professional, interviewing student
""")

PATIENT_WORDS = _words("""
    patient, pt, p, sp, patients, interviewee
    standardized patient, standardised patient, simulated patient, sim patient, std patient, actor, role player
    caregiver, carer, guardian, patient actor, patient's mother, patient's father
""")

# Patients' side in a paediatric station or a collateral history, but headings in a family history.
FAMILY_WORDS = _words("""
    parent, mother, father, mom, mum, mam, dad, mommy, daddy, grandmother, grandfather, grandma, grandpa
    wife, husband, partner, spouse, son, daughter, brother, sister, child, relative, family, family member, guest family
""")

EXAMINER_WORDS = _words("""
    examiner, preceptor, attending, attending physician, supervisor, evaluator, assessor, invigilator, proctor
    faculty, tutor, instructor, facilitator, teacher, moderator, observer, station examiner
""")

UNIDENTIFIED_WORDS = _words("unknown, unknown speaker, unidentified, unidentified speaker, speaker")

# Persons all the same, but of no role that is graded.
THIRD_PARTY_WORDS = _words("""
    nurse, interpreter, translator, receptionist, paramedic, pharmacist, technician, chaperone, narrator, announcer
    operator, recording, timekeeper, bystander, visitor, friend, man, woman, male, female, host, team, everyone, all
    group, someone, other, others, porter, social worker, midwife, physiotherapist, dietitian, consultant
    aunt, uncle, cousin, nephew, niece, neighbour, neighbor, baby, girl, boy
""")

TITLES = _words("mr, mrs, ms, miss, mx, sir, madam, prof, professor")

# After a role they make a form field: “Patient name: …”, “Student ID: …”.
FORM_FIELD_WORDS = _words("""
    name, names, id, number, no, age, sex, gender, dob, mrn, details, info, information, record, records, initials
    history, education, instructions, script, notes, note, summary, presentation, perspective, consent, concerns
    visits, visit, complaint, code, group, year, level, report, reports, status, safety, advice, orders, signature
    goals, problem, problems, denies, states, says, said, feedback, score, total, is, was, has, had
""")

NOT_A_SPEAKER = _words("""
    cc, hpi, hopc, pc, ros, pmh, pmhx, psh, fh, fhx, sh, shx, meds, rx, dx, ddx, tx, hx, sx, icf, ice, socrates
    opqrst, chief complaint, presenting complaint, presenting problem, history, history of present illness
    present illness, past medical history, medical history, past history, surgical history, past surgical history
    family history, social history, drug history, medication history, review of systems, systems review, systems
    medications, medication, allergies, allergy, immunizations, immunisations, vaccinations, occupation, job, work
    home, diet, exercise, sleep, smoking, smoker, tobacco, alcohol, drinking, drugs, caffeine, travel, pets, hobbies
    exam, examination, physical exam, physical examination, general, vitals, vital signs, observations, obs, bp, hr
    rr, temp, temperature, weight, height, bmi, spo2, pulse, labs, lab, imaging, ecg, ekg, ct, mri, x ray, xray
    investigations, investigation, tests, results, assessment, impression, diagnosis, diagnoses, differential
    differentials, differential diagnosis, plan, management, treatment, summary, conclusion, recommendation
    recommendations, disposition, follow up, problem, problems, problem list, reasoning, discussion, opening
    closing, closure, introduction, intro, consent, agenda, background, situation, sbar, date, time, times, station
    case, scenario, title, subject, session, course, module, block, duration, length, transcript, transcription
    transcribed by, recorded, file, filename, version, format, language, location, place, room, site, school
    university, hospital, department, participants, attendees, speakers, speaker names, legend, key, name, names
    age, sex, gender, dob, date of birth, id, mrn, address, phone, email, number, score, grade, marks, checklist
    feedback, comment, comments, note, notes, nb, ps, re, fyi, warning, caution, important, remember, reminder, tip
    hint, example, examples, e g, i e, eg, ie, question, questions, answer, answers, page, part, section, chapter
    pain, onset, character, quality, radiation, radiating, severity, timing, frequency, site of pain
    associated symptoms, associated features, aggravating factors, relieving factors
    exacerbating factors, alleviating factors
    triggers, provoking factors, provocation, palliation, region, red flags, risk factors, course of illness
    progression, pattern, symptom, symptoms, signs, headache, headaches, cough, fever, fevers, chills, sweats
    nausea, vomiting, diarrhea, diarrhoea, constipation, dizziness, vertigo, weakness, numbness, tingling, fatigue
    tiredness, weight loss, appetite, rash, swelling, bleeding, bruising, breathing, breathlessness, dyspnea
    dyspnoea, shortness of breath, sob, wheeze, sputum, phlegm, palpitations, chest pain, abdominal pain, back pain
    joint pain, neck pain, vision, hearing, speech, balance, memory, mood, anxiety, depression, stress, urine
    urination, stool, stools, bowels, bladder, periods, menses, pregnancy, pregnancies, contraception, discharge
    injury, trauma, surgery, surgeries, operations, hospitalizations, hospitalisations, admissions, conditions
    diabetes, hypertension, asthma, cancer, stroke, heart, lungs, skin, head, eyes, ears, nose, throat, neck, chest
    abdomen, stomach, back, arms, legs, hands, feet, joints, positive, negative, positives, negatives
    pertinent positives, pertinent negatives, denies, endorses, reports, so, well, ok, okay, yes, no, yeah, yep
    nope, right, sure, now, then, also, and, but, or, because, like, look, listen, first, firstly, second, secondly
    third, thirdly, fourth, next, last, lastly, finally, one, two, three, four, five, today, yesterday, tonight
    tomorrow, morning, afternoon, evening, night, monday, tuesday, wednesday, thursday, friday, saturday, sunday
    here, there, this, that, it, i, you, he, she, we, they, what, when, where, which, who, why, how, my, your, the
    a few, some, in summary, to summarize, to summarise, overall, anyway, basically, actually, meaning, namely
    thing, things, point, points, worst, best, before, after, during, always, sometimes, never, once, http, https
    www, mailto, webvtt, style, kind, region, end, start, begin, stop, break, pause, silence, music
""")
